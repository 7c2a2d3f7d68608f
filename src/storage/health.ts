import type { Db } from 'mongodb';

/** @throws if the database does not answer. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.command({ ping: 1 });
}

/** Which server answers, for start-up lines and figures: `MongoDB 8.0.4`, `FerretDB v2.7.0`. */
export async function databaseServer(db: Db): Promise<string> {
  const info = await db.admin().command({ buildInfo: 1 });
  const ferret: unknown = info['ferretdb']?.version;
  return ferret === undefined ? `MongoDB ${info['version']}` : `FerretDB ${ferret}`;
}
