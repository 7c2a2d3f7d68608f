/** Where the tests' real servers are; `test/globalSetup.ts` starts throw-away ones and says so in the environment. */
const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`npm test\`, which starts the servers`);
  return value;
};

export const mongodbUri = (): string => required('MONGODB_URI');
export const temporalAddress = (): string => required('TEMPORAL_ADDRESS');
