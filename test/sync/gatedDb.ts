import { type Db, MongoBulkWriteError, type WriteError } from 'mongodb';

/** Called before every operation on the database, with its number from 0; what it throws, the operation throws. */
export type Gate = (operation: number, name: string) => Promise<void>;

const OPERATIONS = [
  'insertOne',
  'findOne',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'countDocuments',
  'findOneAndUpdate',
];

/** The same real database, each operation of which first passes `gate`: the place to die, or to fall asleep, between any two of them. */
export function gatedDb(db: Db, gate: Gate): Db {
  let operations = 0;
  const pass = (name: string) => gate(operations++, name);

  const gated = <T extends object>(target: T, path: string): T =>
    new Proxy(target, {
      get(_, key) {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        const name = `${path}.${String(key)}`;
        if (key === Symbol.asyncIterator) {
          return async function* () {
            await pass(name);
            yield* Reflect.apply(member, target, []);
          };
        }
        if (key === 'insertMany') {
          return (docs: readonly unknown[], options: unknown) =>
            oneByOne(docs, async (doc) => {
              await pass(name);
              return Reflect.apply(member, target, [[doc], options]);
            });
        }
        if (OPERATIONS.includes(String(key)) || key === 'toArray') {
          return async (...args: unknown[]) => {
            await pass(name);
            return Reflect.apply(member, target, args);
          };
        }
        return (...args: unknown[]) => {
          const made: unknown = Reflect.apply(member, target, args);
          if (key === 'collection') return gated(asObject(made), String(args[0]));
          if (key === 'find') return gated(asObject(made), name);
          return made === target ? gated(target, path) : made;
        };
      },
    });

  return gated(db, 'db');
}

/** Servers that hold nothing together insert many as one after the other: there, too, a process may die or be overtaken. */
async function oneByOne(docs: readonly unknown[], insert: (doc: unknown) => Promise<unknown>): Promise<void> {
  const failures: MongoBulkWriteError[] = [];
  const errors: Pick<WriteError, 'index' | 'code' | 'errmsg'>[] = [];
  for (const [index, doc] of docs.entries()) {
    await insert(doc).catch((error: unknown) => {
      if (!(error instanceof MongoBulkWriteError)) throw error;
      failures.push(error);
      for (const { code, errmsg } of [error.writeErrors].flat()) errors.push({ index, code, errmsg });
    });
  }
  const [failure] = failures;
  if (failure) throw Object.assign(failure, { writeErrors: errors });
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new Error('expected an object of the driver');
  return value;
}
