import { createEgress } from '../../src/webhooks/egress/egress';
import { HTTPS_PORTS, parseEndpointUrl } from '../../src/webhooks/egress/endpointUrl';

const allowing = (...hosts: readonly string[]) => ({ hosts, ports: HTTPS_PORTS });

describe('which URLs may be an endpoint', () => {
  test.each(['https://hooks.example.com/in?x=1', 'https://8.8.8.8/', 'https://[2606:4700::1111]:8443/', 'https://bücher.example/'])(
    '%s may',
    (url) => expect(parseEndpointUrl(url, allowing())).toMatchObject({ trusted: false }),
  );

  test('a name outside ASCII may as well in a process that has judged thousands of others', () => {
    const judged = Array.from({ length: 30_000 }, () => parseEndpointUrl('https://b\u00fccher.example/', allowing()).url.host);
    expect(new Set(judged)).toEqual(new Set(['xn--bcher-kva.example']));
  });

  test.each([
    ['no URL', 'hooks.example.com'],
    ['no https', 'http://hooks.example.com/'],
    ['another protocol', 'ftp://hooks.example.com/'],
    ['credentials', 'https://user:pass@hooks.example.com/'],
    ['a loopback address', 'https://127.0.0.1/'],
    ['one written short', 'https://127.1/'],
    ['one written as a number', 'https://2130706433/'],
    ['one in hex', 'https://0x7f000001/'],
    ['one in fullwidth digits', 'https://１２７.０.０.１/'],
    ['one as IPv6', 'https://[::1]/'],
    ['one mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['the metadata service', 'https://169.254.169.254/latest/meta-data'],
    ['a private network', 'https://10.1.2.3/'],
    ['one that ends in a dot', 'https://127.0.0.1./'],
    ['one translated to IPv6', 'https://[64:ff9b::a9fe:a9fe]/'],
    ['one inside 6to4', 'https://[2002:a9fe:a9fe::]/'],
    ['a port nobody allowed', 'https://hooks.example.com:6379/'],
    ['2 kB', `https://hooks.example.com/${'x'.repeat(2_048)}`],
  ])('one with %s may not', (_, url) => expect(() => parseEndpointUrl(url, allowing())).toThrow(/^(is|holds|leads|has) /));

  test.each([
    ['its host', 'http://receiver:8080/hook', 'receiver'],
    ['its host and port', 'http://127.0.0.1:8080/hook', '127.0.0.1:8080'],
    ['an IPv6 host', 'http://[::1]:8080/hook', '[::1]'],
    ['its host and the port of https', 'https://receiver/hook', 'receiver:443'],
    ['its host and the port of http', 'http://receiver/hook', 'receiver:80'],
  ])('the operator may allow %s', (_, url, allowed) => expect(parseEndpointUrl(url, allowing(allowed))).toMatchObject({ trusted: true }));

  test('the operator may allow other ports, and none of the usual ones', () => {
    expect(() => parseEndpointUrl('https://hooks.example.com:9443/', { hosts: [], ports: [9443] })).not.toThrow();
    expect(() => parseEndpointUrl('https://hooks.example.com/', { hosts: [], ports: [9443] })).toThrow(
      'has the port 443, which is none of 9443',
    );
  });

  test.each([
    ['another port', 'http://127.0.0.1:8081/hook', '127.0.0.1:8080'],
    ['plain http', 'http://receiver/hook', 'receiver:443'],
    ['a name that only ends like it', 'http://evilreceiver/hook', 'receiver'],
    ['a subdomain', 'http://a.receiver/hook', 'receiver'],
  ])('what is allowed does not spread to %s', (_, url, allowed) => expect(() => parseEndpointUrl(url, allowing(allowed))).toThrow(/https/));
});

describe('a name', () => {
  const egress = createEgress([]);
  afterAll(() => egress.close());

  test('that leads to a private address is refused at registration', async () => {
    await expect(egress.check('https://localhost/hook')).rejects.toThrow(/outside the public internet/);
  });

  test('that cannot be resolved now may be registered: each delivery looks again', async () => {
    await expect(egress.check('https://nowhere.invalid/hook')).resolves.toBeUndefined();
  });
});
