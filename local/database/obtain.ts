import { cacheFolder } from '../install/cacheFolder';
import { firstOpenWay } from '../install/firstOpenWay';
import type { InstallContext } from '../install/install';
import { ferretdbInCache, obtainFerretdb } from './ferretdb/obtain';
import { downloadMongod, mongodOnPathOrInCache } from './mongod/obtain';

/** A database server's programs. The two kinds keep their data differently: one cannot read the other's. */
export type DatabaseProgram =
  | { readonly kind: 'mongod'; readonly taken: string; readonly command: string; readonly installation?: string }
  | { readonly kind: 'ferretdb'; readonly taken: string; readonly ferretdb: string; readonly postgres: string };

/**
 * The first of: `mongod` on PATH or in the cache, MongoDB's download, FerretDB in front of PostgreSQL with the DocumentDB extension.
 * @param kind only this one: data of its making is there already. @throws Problem
 */
export function obtainDatabase(
  context: Omit<InstallContext, 'cache'>,
  { kind, cache = cacheFolder() }: { kind?: DatabaseProgram['kind'] | undefined; cache?: string } = {},
): Promise<DatabaseProgram> {
  const place = { ...context, cache };
  const ways = [
    { kind: 'mongod', name: '`mongod` on PATH or in the cache', take: () => mongodOnPathOrInCache(cache) },
    { kind: 'ferretdb', name: 'FerretDB in the cache', take: () => ferretdbInCache(cache) },
    { kind: 'mongod', name: 'MongoDB’s download', take: () => downloadMongod(place) },
    { kind: 'ferretdb', name: 'FerretDB from Debian’s packages and the Go module proxy', take: () => obtainFerretdb(place) },
  ];
  return firstOpenWay<DatabaseProgram>(
    'MongoDB',
    ways.filter((way) => kind === undefined || way.kind === kind),
  );
}
