import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../test/engine/engine';
import type { EndpointScript } from './script';
import { ScriptedEndpoint } from './scriptedEndpoint';

/** An endpoint as it is registered. */
export interface RegisteredEndpoint {
  readonly id: string;
  readonly endpoint: ScriptedEndpoint;
}

/** The scripted endpoints of a run. Each request that one was sent is a line of `endpoints.jsonl` beside the engine's logs. */
export class EndpointFleet {
  readonly registered: RegisteredEndpoint[] = [];

  constructor(private readonly scripts: readonly EndpointScript[]) {}

  /** Registers all of them; their scripts begin. @returns what closes them */
  async open(engine: Engine): Promise<() => Promise<void>> {
    const openedAt = Date.now();
    const file = join(engine.logFolder, 'endpoints.jsonl');
    for (const [n, script] of this.scripts.entries()) {
      const { name, payload, filterTypes } = script;
      const endpoint = await ScriptedEndpoint.listen(script, openedAt, (tried) =>
        appendFileSync(file, `${JSON.stringify({ endpoint: `${n} ${name}`, ...tried })}\n`),
      );
      const wish = { url: endpoint.url, description: `${n} ${name}`, payload, filter_types: filterTypes };
      const { id } = await engine.call<{ id: string }>('POST', engine.webhooks, wish);
      const { key } = await engine.call<{ key: string }>('GET', `${engine.webhooks}/${id}/secret`);
      endpoint.expect(key);
      this.registered.push({ id, endpoint });
    }
    return async () => {
      await Promise.all(this.registered.map(({ endpoint }) => endpoint.close()));
    };
  }

  /** From now on all of them take everything. */
  heal(): void {
    for (const { endpoint } of this.registered) endpoint.heal();
  }
}
