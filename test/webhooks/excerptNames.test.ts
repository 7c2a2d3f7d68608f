import { catalogue } from '../../src/webhooks/catalogue';
import { excerptOf } from '../../src/webhooks/excerpt';

const sentAs = (externalUserId: string): string => {
  const example = JSON.stringify(catalogue.find(({ type }) => type === 'provider.connection.created')?.example);
  return example.replace(/"external_user_id":"[^"]*"/, `"external_user_id":"${externalUserId}"`);
};

test.each(['adalovelace', 'Ada Lovelace', 'b2f0c1d2e3'])(
  'a Dexcom account called %s is not in what is kept of an answer that echoes it',
  (name) => {
    expect(excerptOf(`no such account: ${name}, sorry`, sentAs(name))).toBe('no such account: […], sorry');
    expect(excerptOf(sentAs(name), sentAs(name))).not.toContain(name);
  },
);
