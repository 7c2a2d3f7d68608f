import { hashApiKey } from '../../security/apiKeys';
import type { ApiKeyDoc, ApiKeys } from '../../storage/apiKeys';

/**
 * A key revoked by another process opens nothing after this, one revoked by this process nothing at once: the price of asking the database
 * once for a burst of requests.
 */
export const KNOWN_FOR_MS = 1_000;
/** Uses of a key closer together than this are noted once. */
const NOTE_USE_EVERY_MS = 5 * 60_000;
const MOST_KEYS = 10_000;

interface Known {
  readonly key: ApiKeyDoc;
  readonly until: number;
}

/** Keys this process has looked up in the last second. What is not there is asked for every time. */
export class RecentKeys {
  private known = new Map<string, Known>();

  constructor(private readonly apiKeys: ApiKeys) {}

  /** The key behind a text somebody presented, its use noted; null if there is none. Expired ones too: whoever asks looks at `expiresAt`. */
  async open(presented: string, now: number): Promise<ApiKeyDoc | null> {
    const hash = hashApiKey(presented);
    const recent = this.known.get(hash);
    if (recent && now < recent.until) return recent.key;

    const { known } = this;
    known.delete(hash);
    const key = await this.apiKeys.byHash(hash);
    if (!key) return null;
    if (known.size >= MOST_KEYS) known.clear();
    known.set(hash, { key, until: now + KNOWN_FOR_MS });
    if (key.lastUsedAt === null || key.lastUsedAt < now - NOTE_USE_EVERY_MS) await this.apiKeys.markUsed(hash, now);
    return key;
  }

  /** Some key was changed or revoked. Lookups under way fill the map they began with, which nobody reads any more. */
  forget(): void {
    this.known = new Map();
  }
}
