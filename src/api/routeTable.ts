import type { Api } from './app';

/** What the API answers at a path. */
export interface RouteTable {
  /** Methods there are at `path`, upper case; empty if it is none of ours. HEAD goes with GET. */
  methodsAt(path: string): readonly string[];
  /** Content types of the body that `method` takes at `path`; null if it takes none, or says nothing. */
  bodyTypesAt(method: string, path: string): readonly string[] | null;
}

interface Row {
  readonly method: string;
  readonly matches: RegExp;
  readonly bodyTypes: readonly string[] | null;
}

/** Built from the routes registered so far. */
export function createRouteTable(api: Api): RouteTable {
  const bodies = new Map(api.openAPIRegistry.definitions.flatMap((entry) => (entry.type === 'route' ? [bodyOf(entry.route)] : [])));
  const rows: readonly Row[] = api.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, matches: pattern(path), bodyTypes: bodies.get(`${method} ${path}`) ?? null }));

  return {
    methodsAt(path) {
      const methods = rows.filter(({ matches }) => matches.test(path)).map(({ method }) => method);
      return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].sort();
    },
    bodyTypesAt: (method, path) => rows.find((row) => row.method === method && row.matches.test(path))?.bodyTypes ?? null,
  };
}

interface Documented {
  readonly method: string;
  readonly path: string;
  readonly request?: { readonly body?: { readonly content?: object } };
}

/** A route's name as Hono writes it, and the types of its body. */
const bodyOf = ({ method, path, request }: Documented): readonly [string, readonly string[] | null] => [
  `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
  request?.body?.content ? Object.keys(request.body.content) : null,
];

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(/[.*+?^${'$'}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}/?$`);
