import { createEgress } from '../../src/webhooks/egress/egress';
import { parseEndpointUrl } from '../../src/webhooks/egress/endpointUrl';
import { isPublicAddress } from '../../src/webhooks/egress/specialAddresses';

describe('which addresses are on the public internet', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '100.128.0.1',
    '223.255.255.254',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

  test.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
    ...[
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.0.0.8',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.19.255.255',
    ],
    ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1'],
    ...[
      '2001::1',
      '2001:db8::1',
      '2001:20::1',
      '2002:7f00:1::',
      '3fff::1',
      '5f00::1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'fe80::1%lo',
      'febf::1',
    ],
    ...['fec0::1', 'ff02::1', '4000::1'],
    ...['', '1', 'localhost', '8.8.8.8.8', '8.8.8.8 ', '0x7f.1'],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('which URLs may be an endpoint', () => {
  test.each(['https://hooks.example.com/in?x=1', 'https://8.8.8.8/', 'https://[2606:4700::1111]:8443/', 'https://bücher.example/'])(
    '%s may',
    (url) => expect(parseEndpointUrl(url, [])).toMatchObject({ trusted: false }),
  );

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
    ['2 kB', `https://hooks.example.com/${'x'.repeat(2_048)}`],
  ])('one with %s may not', (_, url) => expect(() => parseEndpointUrl(url, [])).toThrow(/^(is|holds|leads) /));

  test.each([
    ['its host', 'http://receiver:8080/hook', 'receiver'],
    ['its host and port', 'http://127.0.0.1:8080/hook', '127.0.0.1:8080'],
    ['an IPv6 host', 'http://[::1]:8080/hook', '[::1]'],
  ])('the operator may allow %s', (_, url, allowed) => expect(parseEndpointUrl(url, [allowed])).toMatchObject({ trusted: true }));

  test.each([
    ['another port', 'http://127.0.0.1:8081/hook', '127.0.0.1:8080'],
    ['a name that only ends like it', 'http://evilreceiver/hook', 'receiver'],
    ['a subdomain', 'http://a.receiver/hook', 'receiver'],
  ])('what is allowed does not spread to %s', (_, url, allowed) => expect(() => parseEndpointUrl(url, [allowed])).toThrow(/https/));
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
