import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { signIn } from '../dexcom/callGate';
import type { ExchangingStep, LinkSessionDoc } from '../storage/linkSessionDoc';
import { completeLinkSession } from './completeLinkSession';
import type { ConnectServices } from './connectServices';
import { type BroughtCode, exchangeCode } from './exchangeCode';
import { type LinkOutcome, linked, notSettledYet, tokenInvalid, tryAgain } from './linkOutcome';
import { nextMove } from './nextMove';

const LOOK_AGAIN_MS = 200;
/** A session is for one consent; who sends more codes than this is not a person trying again. */
const MOST_CODES = 20;

/**
 * Turns the code of a callback into a connection: claims the session, exchanges the code, ends the session with the tokens, settles them
 * (design §3). However often and in how many tabs it is called: one session gives one grant, and the same code gives the same answer.
 */
export async function redeemCode(
  services: ConnectServices,
  session: Pick<LinkSessionDoc, '_id' | 'teamId'>,
  brought: BroughtCode,
): Promise<LinkOutcome> {
  const codeHash = createHash('sha256').update(brought.code).digest('hex');
  const giveUpAt = Date.now() + services.linkTiming.waitMs;

  for (;;) {
    const found = await services.linkSessions.read(session);
    if (!found) return tokenInvalid;
    if (found.spentCodeHashes.length >= MOST_CODES && found.step.kind !== 'consumed') return tokenInvalid;

    const move = nextMove(found, codeHash, Date.now());
    switch (move.kind) {
      case 'answer':
        return move.outcome;
      case 'complete':
        if (await settle(services, found._id)) break;
        return (await willConnect(services, found)) ? linked : notSettledYet;
      case 'reopen':
        await services.linkSessions.reopen(found, move.nonce);
        return tryAgain;
      case 'claim':
      case 'takeOver': {
        const claim = newClaim(codeHash, services.linkTiming.leaseMs);
        const won =
          move.kind === 'claim'
            ? await services.linkSessions.claim(found, claim)
            : await services.linkSessions.takeOver(found, move.nonce, claim);
        const failure = won ? await exchangeCode(services, found, claim, brought) : null;
        if (failure) return failure;
        break;
      }
      case 'wait':
        if (Date.now() >= giveUpAt) return tryAgain;
        await delay(LOOK_AGAIN_MS);
    }
  }
}

const newClaim = (codeHash: string, leaseMs: number): ExchangingStep => ({
  kind: 'exchanging',
  codeHash,
  nonce: randomUUID(),
  leaseUntil: Date.now() + leaseMs,
});

/**
 * The consent stands whatever happens here: what is missing is completed by `reconcile` or by the next one to meet the session.
 * @returns false if that has to wait
 */
async function settle(services: ConnectServices, sessionId: string): Promise<boolean> {
  try {
    await completeLinkSession(services, sessionId, signIn);
    return true;
  } catch (err) {
    services.log.warn({ err, sessionId }, 'a consent is not settled yet');
    return false;
  }
}

/** Whether nobody will refuse a consent that is not settled yet: its team does not mind whose account it is, or it was accepted. */
async function willConnect({ teams, linkSessions, log }: ConnectServices, { _id, teamId }: LinkSessionDoc): Promise<boolean> {
  try {
    const [team, session] = await Promise.all([teams.byId(teamId), linkSessions.read({ _id, teamId })]);
    const isAccepted = session?.step.kind === 'consumed' && (session.step.accepted === true || session.step.tokens === null);
    return isAccepted || team?.rejectDuplicateConnection === false;
  } catch (err) {
    log.warn({ err, sessionId: _id }, 'whether a consent may be refused is not known');
    return false;
  }
}
