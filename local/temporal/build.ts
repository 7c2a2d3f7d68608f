import { buildGoTool, expectedBuildMs, type GoTool } from '../install/goTool';
import type { Recipe } from '../install/install';
import { TEMPORAL_CLI } from './version';

const tool: GoTool = {
  module: __dirname,
  package: 'github.com/temporalio/cli/cmd/temporal',
  modules: 204,
  packages: 1718,
  cpuMinutes: 9,
  scratchBytes: 3_500_000_000,
  ldflags: `-X github.com/temporalio/cli/internal/temporalcli.Version=${TEMPORAL_CLI}`,
};

/**
 * `go install` refuses this CLI, whose go.mod replaces a module of its own repository; go.mod beside this file replaces it by the same
 * commit's published version.
 */
export const buildRecipe: Recipe = {
  name: `temporal-${TEMPORAL_CLI}-built-${process.platform}-${process.arch}`,
  label: `Temporal ${TEMPORAL_CLI} (building)`,
  expectedMs: expectedBuildMs(tool),
  build: (place) => buildGoTool(tool, place),
};
