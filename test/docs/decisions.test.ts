import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createAccessTokens } from '../../src/security/accessTokens';
import { createKeyring } from '../../src/security/keyring';
import { createLinkTokens } from '../../src/security/linkTokens';
import { createSignInTokens } from '../../src/security/signInTokens';
import { DEXCOM_SOURCE_ID } from '../../src/webhooks/provider';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';

/** What apps may come to rest on though the contract does not say it: docs/api-decisions.md does, row by row. */
const decisions = readFileSync('docs/api-decisions.md', 'utf8').split('\n');
const rowOf = (question: string): string => decisions.find((row) => row.startsWith(`| ${question}`)) ?? '';

const keyring = createKeyring([{ kid: 'k1', key: new Uint8Array(randomBytes(32)) }]);
const owner = { teamId: 't-1', orgId: 'o-1', keyId: 'k-1', scopes: ['users:read'] };
const path = { region: 'eu', clientId: 'an-app', opener: 'https://app.example' } as const;

test('the decisions name the algorithm of the tokens and every claim that they have', async () => {
  const issued = await Promise.all([
    createLinkTokens(keyring, 'here').issue({ sessionId: 's-1', teamId: 't-1', userId: 'u-1', expiresAt: Date.UTC(2030, 0, 1), path }),
    createAccessTokens(keyring, 'here').issue(owner),
    createSignInTokens(keyring, 'here').issue({ ...owner, userId: 'u-1' }),
  ]);
  const row = rowOf('What is in a token');
  const named = new Set([...row.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(new Set(issued.flatMap((token) => Object.keys(decodeJwt(token))))).toEqual(named);
  for (const token of issued) expect(row).toContain(String(decodeProtectedHeader(token).alg));
});

test('the decisions have the number of Dexcom, its scope and how failing endpoints are treated as they are', () => {
  expect(rowOf('`id` of Dexcom among the sources')).toContain(`| ${DEXCOM_SOURCE_ID}, for ever`);
  expect(rowOf("Dexcom's scopes")).toContain('`offline_access`');
  const [first = 0, second = 0, third = 0] = backlogPolicy.probeAfterMs;
  const ladder = `${first / 1_000} s, ${second / 1_000} s, ${third / 60_000} minutes, then every ${backlogPolicy.probeEveryMs / 60_000} minutes`;
  expect(rowOf('The ladder')).toContain(ladder);
});

test('each decision names a test that is there', () => {
  const named = decisions.flatMap((row) => [...row.matchAll(/`(test\/[\w/]+\.test\.ts)`/g)].map(([, file = '']) => file));
  expect(named.length).toBeGreaterThan(60);
  for (const file of new Set(named)) expect(readFileSync(file, 'utf8').length).toBeGreaterThan(0);
});
