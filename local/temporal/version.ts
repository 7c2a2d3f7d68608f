/** Server 1.31.2, Web UI 2.50.1. Raised together with go.mod; 1.9 does not build from the module proxy (no matching `cliext` is published). */
export const TEMPORAL_CLI = '1.8.2';
