import { isPublicAddress } from '../../src/egress/publicAddresses';
import { firstOf, lastOf } from './ranges';

/** The IANA special-purpose registries for IPv4 and IPv6, with multicast and what nobody has been given. */
const KEPT_FROM_THE_INTERNET: readonly (readonly [range: string, what: string])[] = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by a provider’s customers'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local, cloud metadata'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol assignments'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'retired 6to4 relays'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarks'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved, broadcast'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'IPv4-compatible'],
  ['::ffff:0:0/96', 'IPv4-mapped'],
  ['64:ff9b::/96', 'IPv4 behind a translator'],
  ['64:ff9b:1::/48', 'IPv4 behind a local translator'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'dummy prefix'],
  ['2001::/32', 'Teredo'],
  ['2001:2::/48', 'benchmarks'],
  ['2001:10::/28', 'retired ORCHID'],
  ['2001:20::/28', 'ORCHIDv2'],
  ['2001:30::/28', 'drone identities'],
  ['2001::/23', 'protocol assignments'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['3fff::/20', 'documentation'],
  ['4000::/3', 'not given to anybody'],
  ['5f00::/16', 'segment routing'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'retired site-local'],
  ['ff00::/8', 'multicast'],
];

/** Special, too, but reached like any other. */
const REACHED_LIKE_ANY_OTHER: readonly (readonly [range: string, what: string])[] = [
  ['192.31.196.0/24', 'AS112'],
  ['192.52.193.0/24', 'multicast tunnels'],
  ['192.175.48.0/24', 'AS112'],
  ['2620:4f:8000::/48', 'AS112'],
];

test.each(KEPT_FROM_THE_INTERNET)('%s is not public: %s', (range) => {
  expect([firstOf(range), lastOf(range)].filter(isPublicAddress)).toEqual([]);
});

test.each(REACHED_LIKE_ANY_OTHER)('%s is public: %s', (range) => {
  expect([firstOf(range), lastOf(range)].map(isPublicAddress)).toEqual([true, true]);
});

test.each([
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255'],
  ...['169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.1.255', '192.0.3.0', '192.88.98.255'],
  ...['192.88.100.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0'],
  ...['203.0.112.255', '203.0.114.0', '223.255.255.255', '2000::', '2001:200::', '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff'],
  ...['2001:db9::', '2003::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::'],
  ...['8.8.8.8', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::1'],
])('%s, beside one of them or far away, is public', (address) => expect(isPublicAddress(address)).toBe(true));

test.each(['10.0.0.1', '127.0.0.1', '169.254.169.254', '192.168.1.1', '8.8.8.8'])('%s is not reached in an IPv6 address', (address) => {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  const hex = `${bytes.slice(0, 2).join('')}:${bytes.slice(2).join('')}`;
  const forms = [
    `::${address}`,
    `::ffff:${address}`,
    `::ffff:${hex}`,
    `::ffff:0:${hex}`,
    `64:ff9b::${address}`,
    `64:ff9b:1::${hex}`,
    `2002:${hex}::1`,
    `2001:0:${hex}::`,
  ];
  expect(forms.filter(isPublicAddress)).toEqual([]);
});

test.each(['', '1', 'localhost', '8.8.8.8.8', '8.8.8.8 ', '0x7f.1', '08.8.8.8', '[2606:4700::1111]', 'fe80::1%lo'])(
  '“%s” is no public address',
  (text) => expect(isPublicAddress(text)).toBe(false),
);
