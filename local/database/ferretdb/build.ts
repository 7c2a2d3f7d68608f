import { buildGoTool, expectedBuildMs, type GoTool } from '../../install/goTool';
import type { Recipe } from '../../install/install';

/** As in go.mod beside this file. */
const FERRETDB = '2.7.0';

const tool: GoTool = {
  module: __dirname,
  package: 'github.com/FerretDB/FerretDB/v2/cmd/ferretdb',
  modules: 56,
  packages: 553,
  cpuMinutes: 1.5,
  scratchBytes: 1_200_000_000,
};

/** The MongoDB protocol in front of PostgreSQL. */
export const ferretdbRecipe: Recipe = {
  name: `ferretdb-${FERRETDB}-${process.platform}-${process.arch}`,
  label: `FerretDB ${FERRETDB} (building)`,
  expectedMs: expectedBuildMs(tool),
  build: (place) => buildGoTool(tool, place),
};
