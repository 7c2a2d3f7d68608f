import type { ReplayDoc } from '../../../../storage/replays';
import { instant, instantOrNull } from '../../../instant';
import type { WebhookReplay } from './schemas';

/** A replay as its endpoint's owner sees it. */
export function shown({ _id, wish, outcome, after, lookedAt, queued, waiting, startedAt, endedAt }: ReplayDoc): WebhookReplay {
  const whole = wish.kind === 'replay' ? wish : null;
  return {
    id: _id,
    kind: wish.kind,
    status: outcome ?? 'running',
    looked_at: lookedAt,
    queued,
    already_waiting: waiting,
    message_id: wish.kind === 'resend' ? wish.messageId : null,
    since: wish.kind === 'recover' ? instant(wish.since) : null,
    user_id: whole?.userId ?? null,
    event_types: whole?.types ? [...whole.types] : null,
    from: instantOrNull(whole?.from ?? null),
    to: instantOrNull(whole?.to ?? null),
    up_to: endedAt === null && wish.kind !== 'resend' ? instant(after.at) : null,
    started_at: instant(startedAt),
    ended_at: instantOrNull(endedAt),
  };
}
