import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../local/processes/freePort';
import { createEgress } from '../../src/webhooks/egress/egress';
import { secretPlace } from '../../src/webhooks/sealedPlaces';
import { createSender } from '../../src/webhooks/sender';
import { newSecret, signatureHeaders } from '../../src/webhooks/signature';
import { eventually } from '../engine/eventually';
import { startReceiver } from '../webhooks/receiver';
import { aMessage, anEndpoint, keyring, PUBLIC_URL, SECRET } from '../webhooks/samples';
import { fencedBlock } from './fencedBlock';

/** One post as a verifier sees it. */
interface Post {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: string;
  readonly body: string;
}

const PAGE = 'docs/webhooks.md';
const message = aMessage({ body: '{"event_type":"daily.data.glucose.created","note":"5,5 mmol/L – größer"}' });
const SIX_MINUTES_MS = 6 * 60_000;

let folder: string;
/** What a verifier is shown, and whether it should take it. */
let posts: readonly (Post & { readonly what: string; readonly genuine: boolean })[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'continuo-signature-'));
  const [sent, rotated] = [await reallySent({}), await reallySent({ rotated: true })];
  const { id } = sent;
  const signedAt = (at: number, secret = SECRET): Post => {
    const headers = signatureHeaders([secret], { id, at, body: message.body });
    return { ...sent, timestamp: headers['webhook-timestamp'] ?? '', signatures: headers['webhook-signature'] ?? '' };
  };
  posts = [
    { what: 'as our sender sends it', genuine: true, ...sent },
    { what: 'while the secret is rotated', genuine: true, ...rotated },
    { what: 'with another body', genuine: false, ...sent, body: sent.body.replace('5,5', '9,9') },
    { what: 'with another id', genuine: false, ...sent, id: 'msg_other' },
    { what: 'with a later timestamp', genuine: false, ...sent, timestamp: String(Number(sent.timestamp) + 60) },
    { what: 'six minutes old', genuine: false, ...signedAt(Date.now() - SIX_MINUTES_MS) },
    { what: 'six minutes ahead', genuine: false, ...signedAt(Date.now() + SIX_MINUTES_MS) },
    { what: 'at no time', genuine: false, ...signedAt(Number.NaN) },
    { what: 'without a time', genuine: false, ...sent, timestamp: '' },
    { what: 'signed with another secret', genuine: false, ...signedAt(Date.now(), newSecret()) },
    { what: 'without a signature', genuine: false, ...sent, signatures: '' },
    { what: 'with a signature of another version', genuine: false, ...sent, signatures: sent.signatures.replace('v1,', 'v2,') },
    { what: 'with half a signature', genuine: false, ...sent, signatures: sent.signatures.slice(0, 20) },
    { what: 'with a signature that is none', genuine: false, ...sent, signatures: 'é ,, v1, v1,?' },
  ];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What comes over the wire of one post. @param rotated with the secret that verifies here as the former one */
async function reallySent({ rotated }: { readonly rotated?: boolean }): Promise<Post> {
  const receiver = await startReceiver();
  const endpoint = anEndpoint({ url: receiver.url });
  const sealed = (secret: string) => keyring.seal(secret, secretPlace(endpoint._id));
  const rotation = { secret: sealed(newSecret()), formerSecrets: [{ secret: sealed(SECRET), until: Date.now() + 60_000 }] };
  expect(await post(rotated ? { ...endpoint, ...rotation } : endpoint)).toMatchObject({ kind: 'accepted' });
  await receiver.close();
  const [received] = receiver.received;
  if (!received) throw new Error('nothing came');
  const [id = '', timestamp = '', signatures = ''] = ['id', 'timestamp', 'signature'].map((name) =>
    String(received.headers[`webhook-${name}`]),
  );
  return { id, timestamp, signatures, body: received.body };
}

/** By our sender, as every delivery goes. */
async function post(endpoint: ReturnType<typeof anEndpoint>) {
  const egress = createEgress([new URL(endpoint.url).host]);
  const sent = await createSender({ keyring, egress, publicUrl: PUBLIC_URL }).post(endpoint, message, { timeoutMs: 10_000 });
  await egress.close();
  return sent;
}

describe(`the receiver in Node of ${PAGE}`, () => {
  let receiver: ChildProcess;
  let url: string;
  let printed = '';

  beforeAll(async () => {
    const port = await freePort();
    const script = join(folder, 'receiver.mjs');
    writeFileSync(script, fencedBlock(PAGE, 'js'));
    receiver = spawn(process.execPath, [script], {
      env: { WEBHOOK_SECRET: SECRET, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    receiver.stdout?.on('data', (piece) => (printed += piece));
    url = `http://127.0.0.1:${port}/hook`;
    await eventually(() => status({ id: '', timestamp: '', signatures: '', body: '' }));
  });
  afterAll(() => receiver.kill());

  const status = ({ id, timestamp, signatures, body }: Post) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures };
      const sending = request(url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode));
      sending.on('error', reject).end(body);
    });

  test('takes what is genuine and nothing else', async () => {
    const answers: unknown[] = [];
    for (const one of posts) answers.push([one.what, await status(one)]);
    expect(answers).toEqual(posts.map(({ what, genuine }) => [what, genuine ? 204 : 401]));
  });

  test('takes what our sender posts, each event once however often it comes', async () => {
    for (let n = 0; n < 2; n++) expect(await post(anEndpoint({ url }))).toMatchObject({ kind: 'accepted', status: 204 });
    await eventually(() => expect(printed).toContain(message._id));
    expect(printed).toBe(`${message._id} ${message.type}\n`);
  });
});

/** Reads a post per line, its fields in base64 and the secret before them; says of each `true` or `false`. */
const DRIVERS = {
  python: `
import sys

for line in sys.stdin:
    *texts, body = (base64.b64decode(field) for field in line.rstrip().split(","))
    print(str(is_genuine(*(text.decode() for text in texts), body)).lower())
`,
  go: `package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
)

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fields := strings.Split(lines.Text(), ",")
		for n, field := range fields {
			text, _ := base64.StdEncoding.DecodeString(field)
			fields[n] = string(text)
		}
		fmt.Println(IsGenuine(fields[0], fields[1], fields[2], fields[3], []byte(fields[4])))
	}
}
`,
  java: `
  public static void main(String[] args) throws Exception {
    for (String line : new String(System.in.readAllBytes(), UTF_8).split("\\n")) {
      byte[][] fields = java.util.Arrays.stream(line.split(",", -1)).map(Base64.getDecoder()::decode).toArray(byte[][]::new);
      String[] texts = java.util.Arrays.stream(fields).map(field -> new String(field, UTF_8)).toArray(String[]::new);
      System.out.println(isGenuine(texts[0], texts[1], texts[2], texts[3], fields[4]));
    }
  }
}
`,
} as const;

/** What each language runs: the document's block, with a driver that asks it. */
const languages = [
  ['Python', 'python3', '--version', () => ['python3', write('genuine.py', fencedBlock(PAGE, 'python') + DRIVERS.python)]],
  [
    'Go',
    'go',
    'version',
    () => {
      const block = fencedBlock(PAGE, 'go').replace('package receiver', 'package main');
      return ['go', 'run', write('genuine.go', block), write('driver.go', DRIVERS.go)];
    },
  ],
  ['Java', 'javac', '-version', () => ['java', write('Signature.java', fencedBlock(PAGE, 'java').replace(/\}\n$/, DRIVERS.java))]],
] as const;

describe.each(languages)(`the verification in %s of ${PAGE}`, (_, tool, version, command) => {
  const isThere = spawnSync(tool, [version]).status === 0;

  (isThere ? test : test.skip)('takes what is genuine and nothing else', async () => {
    const lines = posts.map(({ id, timestamp, signatures, body }) =>
      [SECRET, id, timestamp, signatures, body].map((field) => Buffer.from(field).toString('base64')).join(','),
    );
    const verdicts = (await run(command(), `${lines.join('\n')}\n`)).trim().split('\n');
    expect(posts.map(({ what }, n) => [what, verdicts[n]])).toEqual(posts.map(({ what, genuine }) => [what, String(genuine)]));
  });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const run = ([command = '', ...args]: readonly string[], input: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(command, args, { cwd: folder }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolve(stdout),
    );
    child.stdin?.end(input);
  });
