/** Something about this machine has to change before we can go on. Shown to a person as it is, without a stack: what is wrong, then the ways out. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    /** One line, or a few: what is wrong. */
    readonly what: string,
    readonly waysOut: readonly string[],
  ) {
    super([what, ...waysOut.map((way) => `  → ${way}`)].join('\n'));
  }
}

/** One way to get a server is blocked; the next way is tried, and only if all are blocked does it become part of a `Problem`. */
export class Obstacle extends Error {
  override readonly name = 'Obstacle';

  constructor(
    readonly reason: string,
    /** What a person can do about this very way. */
    readonly remedy?: string,
  ) {
    super(reason);
  }
}

export type ServerName = 'Temporal' | 'MongoDB';

const OWN_SERVER: Record<ServerName, string> = {
  Temporal: 'use a Temporal server you have: TEMPORAL_ADDRESS=host:7233',
  MongoDB: 'use a MongoDB server you have: MONGODB_URI=mongodb://host:27017',
};

export const obstacles = {
  notOnPath: (command: string): Obstacle => new Obstacle(`no \`${command}\` on PATH or in the cache`, `install \`${command}\``),
  tooOld: (command: string, found: string, needed: string): Obstacle =>
    new Obstacle(`\`${command}\` on PATH is ${found}, needed is ${needed} or later`, `update \`${command}\``),
  noNetwork: (host: string, why: string): Obstacle =>
    new Obstacle(`${host} cannot be reached (${why})`, `let this machine reach ${host}, if need be through HTTPS_PROXY`),
  downloadRefused: (url: string, status: number): Obstacle => new Obstacle(`${url} answers ${status}`),
  downloadCorrupt: (what: string): Obstacle => new Obstacle(`what was downloaded is not ${what}`),
  noGo: (): Obstacle => new Obstacle('no `go` on PATH', 'install Go 1.26 or later (https://go.dev/dl)'),
  buildFailed: (what: string, tail: string): Obstacle => new Obstacle(`${what} failed:\n${indent(tail)}`),
  goTooOld: (tail: string): Obstacle =>
    new Obstacle(`this Go is too old:\n${indent(tail)}`, 'install Go 1.26 or later (https://go.dev/dl)'),
  noModuleProxy: (tail: string): Obstacle =>
    new Obstacle(
      `the Go module proxy cannot be reached:\n${indent(tail)}`,
      'let this machine reach it, or name another: GOPROXY=https://…',
    ),
  noApt: (missing: string): Obstacle =>
    new Obstacle(`\`${missing}\` is missing, which Debian’s packages are read with`, 'use a Debian-like system'),
  noDebianKeyring: (): Obstacle =>
    new Obstacle('Debian’s signing keys are not here, so its packages could not be trusted', 'apt-get install debian-archive-keyring'),
  noTimeZones: (): Obstacle => new Obstacle('/usr/share/zoneinfo is missing, which PostgreSQL reads', 'apt-get install tzdata'),
  suiteGone: (suite: string, tail: string): Obstacle =>
    new Obstacle(`Debian’s suite “${suite}” does not offer the packages any more:\n${indent(tail)}`),
  notOffered: (by: string, system: string, why: string): Obstacle => new Obstacle(`${by} offers no archive for ${system} (${why})`),
  wrongArchitecture: (needed: string, found: string): Obstacle => new Obstacle(`it exists for ${needed}, this machine is ${found}`),
  noUnprivilegedUser: (): Obstacle =>
    new Obstacle('PostgreSQL refuses to run as root, and there is no user `nobody` to run it as', 'run as an ordinary user'),
  diskFull: (folder: string, neededBytes: number, freeBytes: number): Obstacle =>
    new Obstacle(roomLacking(folder, neededBytes, freeBytes), 'make room, or put the cache elsewhere: XDG_CACHE_HOME=/path'),
  noWrite: (folder: string, code: string): Obstacle =>
    new Obstacle(`${folder} cannot be written (${code})`, 'make it writable, or put the cache elsewhere: XDG_CACHE_HOME=/path'),
} as const;

export interface EndedServer {
  readonly name: string;
  readonly how: string;
  readonly logFile: string;
  readonly tail: string;
  /** Where its program lies, if that is in our cache. */
  readonly installation?: string | undefined;
}

export const problems = {
  /** Every way to a server is blocked. */
  serverNotToBeHad: (server: ServerName, tried: readonly { way: string; obstacle: Obstacle }[]): Problem =>
    new Problem(
      [
        `${server} is needed, and no way to it is open on this machine:`,
        ...tried.map(({ way, obstacle }) => `  ${way}: ${obstacle.reason}`),
      ].join('\n'),
      [...new Set(tried.flatMap(({ obstacle }) => obstacle.remedy ?? [])), OWN_SERVER[server]],
    ),
  addressUnreachable: (variable: string, shown: string, why: string): Problem =>
    new Problem(`${variable} names ${shown}, where nothing answers as it should (${why})`, [
      `start that server or correct ${variable}`,
      `unset ${variable}: then a server of our own is started`,
    ]),
  portTaken: (port: number, flag: string): Problem =>
    new Problem(`Port ${port} is taken by another program`, [
      `choose another: ${flag} PORT`,
      `or stop what listens there (\`ss -ltnp 'sport = :${port}'\` shows it)`,
    ]),
  alreadyRunning: (pid: number, folder: string): Problem =>
    new Problem(`The stack of ${folder} is running already (process ${pid})`, [
      'use that one',
      `or stop it with Ctrl-C (\`kill ${pid}\`) and start again`,
    ]),
  serverEnded: ({ name, how, logFile, tail, installation }: EndedServer): Problem =>
    new Problem(
      [`${name} ${how}. The end of its log:`, indent(tail || '(empty)')].join('\n'),
      [
        `read ${logFile}`,
        'start again: what was stored is kept',
        installation && `if its program is damaged, remove it; the next start gets it anew: rm -r ${installation}`,
      ].filter((way) => way !== undefined),
    ),
  commandFailed: (what: string, tail: string): Problem =>
    new Problem([`${what}. The end of what it said:`, indent(tail || '(nothing)')].join('\n'), ['mend that and start again']),
  notARecording: (file: string, why: string): Problem =>
    new Problem(`${file} cannot be replayed: ${why}`, ['give a glucose export of Dexcom Clarity: --replay FILE.csv']),
  notAZone: (zone: string): Problem => new Problem(`${zone} is no time zone`, ['give one by its IANA name: --replay-zone Europe/Berlin']),
  /** No room for what a start writes. */
  noRoom: (folder: string, neededBytes: number, freeBytes: number): Problem =>
    new Problem(`${roomLacking(folder, neededBytes, freeBytes)}: the disk is full`, [
      'make room',
      'or keep the data elsewhere: npm start -- --data FOLDER',
    ]),
  /** @param tail what the copying command said */
  copyFailed: (installation: string, tail: string): Problem =>
    new Problem([`${installation} could not be copied:`, indent(tail || '(nothing was said)')].join('\n'), [
      'make room, if that is what it lacks',
      `if it is damaged, remove it; the next start gets it anew: rm -r ${installation}`,
    ]),
  apiFailed: (call: string, why: string): Problem =>
    new Problem(`The API does not answer ${call} as it should (${why})`, [
      'read api.log, in the folder of logs',
      'start again: what is there already is kept',
    ]),
  serverSilent: (name: string, seconds: number, logFile: string, tail: string): Problem =>
    new Problem([`${name} has not answered within ${seconds} s of its start. The end of its log:`, indent(tail || '(empty)')].join('\n'), [
      `read ${logFile}`,
      'start again when the machine is less busy',
    ]),
  folderUnusable: (folder: string, code: string): Problem =>
    new Problem(`${folder} cannot be written (${code}${inWords[code] ?? ''})`, [
      'make room, or make it writable',
      'or keep the data elsewhere: npm start -- --data FOLDER',
    ]),
} as const;

/** For those who do not know the system's own words. */
const inWords: Readonly<Record<string, string>> = {
  ENOSPC: ': the disk is full',
  EDQUOT: ': the quota is used up',
  EACCES: ': no permission',
  EPERM: ': no permission',
  EROFS: ': the disk is read-only',
  ENOTDIR: ': a file is in the way',
  EEXIST: ': a file is in the way',
};

const LONGEST_LINE = 300;

const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `    ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line}`)
    .join('\n');

const roomLacking = (folder: string, neededBytes: number, freeBytes: number): string =>
  `${megabytes(neededBytes)} are needed in ${folder}, ${megabytes(freeBytes)} are free`;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000).toLocaleString('en')} MB`;
