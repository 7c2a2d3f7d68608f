import { checkRecording } from './app/checkRecording';
import { followInterval } from './app/followInterval';
import { readingInterval } from './app/readingInterval';
import type { Stage } from './app/stage';
import { appEnvironment, startApp } from './app/startApp';
import { startAppPage } from './app/startAppPage';
import { startBackends } from './app/startBackends';
import { startReceiver } from './app/startReceiver';
import { startSimulator } from './app/startSimulator';
import { connectPeople } from './demo/connectPeople';
import { fetchMissed } from './demo/fetchMissed';
import { followHistories } from './demo/followHistories';
import { followHistory } from './demo/followHistory';
import { ourTeam, registerReceiver } from './demo/ourTeam';
import { enterHome } from './home/home';
import { choosePort } from './home/ports';
import { readStartOptions } from './options';
import { Interrupted, interruption, untilAborted } from './processes/interruption';
import { jsonScreen, type Screen, textScreen } from './screen/screen';
import { Stack } from './stack';
import { tellProblems } from './tellProblems';

/** `npm start`: everything on this machine, shown at work until Ctrl-C. */
async function start(): Promise<void> {
  const options = readStartOptions(process.argv);
  const screen = options.json ? jsonScreen() : textScreen();
  const lost = new AbortController();
  const signal = AbortSignal.any([interruption(), lost.signal]);
  const home = await enterHome(options.data);
  const stack = new Stack();
  try {
    await run({ home, options, stack, signal, progress: screen.progress, onLost: (error) => lost.abort(error) }, screen);
  } catch (error) {
    // Whatever fails while something is ending fails because of that.
    const cause: unknown = signal.aborted ? signal.reason : error;
    // To be asked to end is the normal end.
    if (!(cause instanceof Interrupted)) throw cause;
  } finally {
    await stack.stop((name) => screen.say(`Stopping: ${name}`));
    home.leave();
  }
}

async function run(stage: Stage, screen: Screen): Promise<void> {
  const { home, options, signal, progress } = stage;
  const { memory, leftovers } = home;
  if (leftovers.length > 0) screen.say(`Ended what a killed start had left running: ${leftovers.join(', ')}`);

  checkRecording(stage);
  screen.say('Starting Temporal and the database …');
  const backends = await startBackends(stage);
  const apiPort = await choosePort('api', options.port, memory, '--port');
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const interval = readingInterval(stage);
  screen.say('Starting the simulated Dexcom, the API and the worker …');
  const simulator = await startSimulator(stage, `${apiUrl}/v2/link/connect/dexcom_v3`, interval);
  const receiver = await startReceiver(stage, screen.event);
  const env = appEnvironment(stage, { backends, apiPort, simulatorUrl: simulator.url, interval });
  await followInterval(memory, env);
  await startApp(env, stage);

  const { api, team } = await ourTeam(home, apiUrl, env, signal);
  const webhook = await registerReceiver(home, api, receiver);
  const page = await startAppPage(stage, api, team.teamId, env);
  const people = options.demo ? await connectPeople(home, api, simulator.people, progress) : [];
  const [person = null, ...others] = people;
  signal.throwIfAborted();

  const addresses = {
    apiUrl,
    apiKey: team.apiKey,
    orgId: team.orgId,
    teamId: team.teamId,
    userId: person?.userId ?? null,
    linkUrl: person && (await api.linkUrl(person.userId)),
    temporalAddress: backends.temporalAddress,
    temporalUiUrl: backends.temporalUiUrl,
    mongodbUri: backends.mongodbUri,
    database: env.MONGODB_DATABASE,
    simulatorUrl: simulator.url,
    receiverUrl: receiver.url,
    receiverSecret: webhook.secret,
    pageUrl: page.url,
  };
  screen.ready(addresses, {
    connected: person && { name: person.name, connectionId: person.connection.connection_id, others: others.length },
    readsEvery: options.historyOnly ? null : interval,
    logs: home.place('app'),
  });
  const histories =
    others.length > 0 ? followHistories(api, people, progress, signal) : person && followHistory(api, person, progress, signal);
  await Promise.all([untilAborted(signal), histories, ...people.map((one) => fetchMissed(api, one))]);
}

void tellProblems(start);
