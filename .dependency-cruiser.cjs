/**
 * Who may import whom. The rooms are in docs/architecture.md; each rule says which wall it is and why it stands.
 * Type-only imports vanish at run time, so most walls let them through.
 */

/** What workflow code may run: all of it is replayed, so all of it is deterministic and free of node built-ins. */
const PURE = [
  '^src/workflows/',
  '^src/freshness/',
  '^src/life/lifeOf\\.ts$',
  '^src/temporal/(taskQueues|searchAttributes|[^/]*([nN]ames|Messages))\\.ts$',
  '^node_modules/@temporalio/(workflow|common)/',
];

/** @type {(name: string, comment: string, from: object, to: object) => object} */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const code = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle has no order to read it in.', {}, { circular: true, viaOnly: code }),
    forbid('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    forbid('no-dev-dependencies', 'The image installs without them.', { path: '^src/' }, { dependencyTypes: ['npm-dev'], ...code }),
    forbid('declared', 'What is not in package.json is there by luck.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], ...code }),

    forbid('workflows-are-pure', 'Workflow code is replayed: see PURE.', { path: '^src/workflows/' }, { pathNot: PURE, ...code }),
    forbid(
      'workflows-reach-only-pure-files',
      'What workflow code imports, it bundles: what those files import counts as well.',
      { path: PURE.slice(1, 4) },
      { pathNot: PURE, ...code },
    ),
    forbid(
      'glucose-is-pure',
      'Units, merge and codec: functions over values. A packed day is a BSON value, so its codec knows that class.',
      { path: '^src/glucose/' },
      { pathNot: ['^src/glucose/', '^node_modules/mongodb/'], ...code },
    ),
    forbid(
      'only-the-codec-knows-bson',
      'See above.',
      { path: '^src/glucose/', pathNot: 'Codec[.]ts$' },
      { path: '^node_modules/mongodb/', ...code },
    ),

    forbid('api-never-runs-activities', 'They belong to the worker.', { path: '^src/api/' }, { path: '^src/activities/' }),
    forbid(
      'api-never-runs-workflows',
      'It asks Temporal; it has their types and names.',
      { path: '^src/api/' },
      { path: '^src/workflows/', ...code },
    ),
    forbid(
      'nobody-imports-the-api',
      'It is the outermost room; only the server process and the tests open it.',
      { path: '^src/', pathNot: ['^src/api/', '^src/server\\.ts$'] },
      { path: '^src/api/' },
    ),
    forbid(
      'storage-is-the-bottom',
      'Documents and their operations; what is done with them is decided above.',
      { path: '^src/storage/' },
      { path: '^src/', pathNot: ['^src/storage/', '^src/security/', '^src/glucose/'], ...code },
    ),
    forbid(
      'dexcom-knows-only-glucose',
      'The client speaks for Dexcom; it stores and tells nothing.',
      { path: '^src/dexcom/' },
      { path: '^src/', pathNot: ['^src/dexcom/', '^src/glucose/', '^src/egress/'], ...code },
    ),
    forbid(
      'egress-stands-alone',
      'Whoever connects to somewhere asks it; it asks nobody.',
      { path: '^src/egress/' },
      { path: '^src/', pathNot: '^src/egress/', ...code },
    ),
    forbid(
      'quota-only-counts',
      'How many calls there are and whose turn it is, whatever they are for.',
      { path: '^src/quota/' },
      { path: '^src/', pathNot: ['^src/quota/', '^src/dexcom/errors\\.ts$'], ...code },
    ),
    forbid(
      'only-storage-speaks-mongodb',
      'Its operations are the ones docs/storage.md allows.',
      { path: '^src/', pathNot: ['^src/storage/', '^src/glucose/'] },
      { path: '^node_modules/mongodb/', ...code },
    ),

    forbid(
      'src-stands-alone',
      'The product knows neither its stack nor its tests.',
      { path: '^src/' },
      { path: '^(local|simulator|test|bench|soak|scripts)/' },
    ),
    forbid(
      'simulator-stands-alone',
      'A judge that shares code with the judged shares its mistakes.',
      { path: '^simulator/' },
      { path: '^(src|local|test|bench|soak|scripts)/' },
    ),
    forbid('nobody-imports-tests', 'Tests are the end of the line.', { pathNot: '^(test|bench|soak)/' }, { path: '^test/' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
