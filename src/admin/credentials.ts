import { text } from 'node:stream/consumers';
import type { Db } from 'mongodb';
import { loadEncryptionKeys } from '../config';
import { type DexcomRegion, dexcomRegions, isDexcomRegion } from '../dexcom/region';
import { createKeyring } from '../security/keyring';
import { DexcomCredentials, type OwnCredentials } from '../storage/dexcomCredentials';
import type { Teams } from '../storage/teams';

export interface CredentialsPlace {
  readonly team: string;
  readonly region: string;
}

export interface CredentialsRequest extends CredentialsPlace {
  readonly clientId: string;
  readonly redirectUri?: string;
}

export const credentialsIn = (db: Db): DexcomCredentials => new DexcomCredentials(db, createKeyring(loadEncryptionKeys(process.env)));

/** Brings a team's Dexcom app along. The secret comes by standard input: other people on the machine see what stands in a command. */
export async function setCredentials(
  { teams, credentials }: { readonly teams: Teams; readonly credentials: DexcomCredentials },
  request: CredentialsRequest,
  input: NodeJS.ReadableStream,
) {
  const region = regionOf(request);
  if (!(await teams.byId(request.team))) throw new Error(`--team ${request.team} does not exist`);
  const clientSecret = (await text(input)).trim();
  if (clientSecret === '') throw new Error('the client secret is read from standard input, and there is nothing');
  const app = { clientId: request.clientId, clientSecret, redirectUri: request.redirectUri ?? null };
  return credentialsRow(await credentials.put(request.team, region, app));
}

export async function removeCredentials(credentials: DexcomCredentials, place: CredentialsPlace) {
  return { region: place.region, removed: await credentials.withdraw(place.team, regionOf(place)) };
}

export const listCredentials = async (credentials: DexcomCredentials, team: string) => (await credentials.list(team)).map(credentialsRow);

const credentialsRow = ({ credentialsId, region, clientId, redirectUri, updatedAt }: OwnCredentials) => ({
  credentialsId,
  region,
  clientId,
  redirectUri,
  updatedAt: new Date(updatedAt).toISOString(),
});

function regionOf({ region }: CredentialsPlace): DexcomRegion {
  if (!isDexcomRegion(region)) throw new Error(`--region ${region} is none of ${dexcomRegions.join(', ')}`);
  return region;
}
