/** Ways to spell addresses that no caller may reach. PORT stands for the port of a listener there. */
const loopback = `
127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7F.1 0x7f.0.0.1 0x7f.0x0.0x0.0x1 017700000001
0177.0.0.1 0177.0.0.01 0177.1 00000177.0.0.1 127.0.0x1 127.0x000001 127.00.00.01 0 0.0.0.0 0x0 00 0.0 ①②⑦.⓪.⓪.① ⑫⑦.0.0.1
１２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 127.0.0.1. 127.0.0.1.. 127%2e0%2e0%2e1 %31%32%37.0.0.1 localhost LOCALHOST LocalHost
localhost. localhost.localdomain ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ lo\u00adcalhost loc%61lhost 127.0.0.1.nip.io localtest.me ip6-localhost
[::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::0001] [::ffff:127.0.0.1] [::FFFF:7f00:1] [::ffff:0:127.0.0.1] [0:0:0:0:0:ffff:7f00:0001]
[::127.0.0.1] [::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::]
[::1%25lo] [::1%25eth0] [fe80::1%25lo]`

const elsewhere = `
169.254.169.254 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518 169.16689662 [::ffff:169.254.169.254]
[::ffff:a9fe:a9fe] [64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::] [fd00:ec2::254] metadata.google.internal metadata 169.254.169.254.
100.100.100.200 168.63.129.16 192.0.0.192 10.0.0.1 10.1 167772161 012.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1 0xc0a80001
3232235521 100.64.0.1 100.127.255.255 198.18.0.1 198.19.255.255 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 0.0.0.1 [fc00::1] [fd12:3456:789a::1] [fe80::1] [febf::1] [fec0::1] [ff02::1] [100::1] [2001:db8::1]
[3fff::1] [2001:10::1] [2001:20::1] [2001:2::1] [5f00::1] [4000::1]`

/** Whole endpoints, most of them about the one host that is allowed. */
const shapes = `
https://nyc3.digitaloceanspaces.com@127.0.0.1:PORT https://nyc3.digitaloceanspaces.com:x@127.0.0.1:PORT https://127.0.0.1:PORT@nyc3.digitaloceanspaces.com
https://a:b@nyc3.digitaloceanspaces.com https://@nyc3.digitaloceanspaces.com https://nyc3.digitaloceanspaces.com\\@127.0.0.1:PORT
https://127.0.0.1:PORT\\@nyc3.digitaloceanspaces.com https://127.0.0.1:PORT#@nyc3.digitaloceanspaces.com https://127.0.0.1:PORT?@nyc3.digitaloceanspaces.com
https://127.0.0.1:PORT/.nyc3.digitaloceanspaces.com https://127.0.0.1:PORT#nyc3.digitaloceanspaces.com https://127.0.0.1:PORT%23.nyc3.digitaloceanspaces.com
https://127.0.0.1:PORT%2f.nyc3.digitaloceanspaces.com https://127.0.0.1%00.nyc3.digitaloceanspaces.com https:127.0.0.1:PORT https:/127.0.0.1:PORT
https:///127.0.0.1:PORT https:\\\\127.0.0.1:PORT //127.0.0.1:PORT ///127.0.0.1:PORT 127.0.0.1:PORT http://nyc3.digitaloceanspaces.com
HTTPS://nyc3.digitaloceanspaces.com https://NYC3.digitaloceanspaces.com https://nyc3.DigitalOceanSpaces.com https://nyc3.digitaloceanspaces.com.
https://nyc3.digitaloceanspaces.com/ https://nyc3.digitaloceanspaces.com// https://nyc3.digitaloceanspaces.com/logs https://nyc3.digitaloceanspaces.com/..;
https://nyc3.digitaloceanspaces.com? https://nyc3.digitaloceanspaces.com?x=1 https://nyc3.digitaloceanspaces.com# https://nyc3.digitaloceanspaces.com:443
https://nyc3.digitaloceanspaces.com:80 https://nyc3.digitaloceanspaces.com:PORT https://nyc3.digitaloceanspaces.com: https://nyc3.digitaloceanspaces.com:0
https://nyc3.digitaloceanspaces.com.127.0.0.1.nip.io:PORT https://nyc3.digitaloceanspaces.com.evil.example:PORT https://evil.example:PORT/nyc3.digitaloceanspaces.com
https://evil-digitaloceanspaces.com:PORT https://evildigitaloceanspaces.com:PORT https://nyc3-digitaloceanspaces.com:PORT https://.digitaloceanspaces.com
https://digitaloceanspaces.com https://nyc9.digitaloceanspaces.com https://xn--nyc3.digitaloceanspaces.com https://bucket.nyc3.digitaloceanspaces.com
https://nyc3.cdn.digitaloceanspaces.com https://bucket.nyc3.cdn.digitaloceanspaces.com https://nyc3..digitaloceanspaces.com https://nyc3.digitaloceanspaces.co
https://nyc3.digitaloceanspaces.com%2eevil.example https://nyc3.digitaloceanspaces.com%00 https://nyc3.digitaloceanspaces.com%0d%0aHost:127.0.0.1
https://nyc3.digitaloceanspaces。com https://nyc3.digita1oceanspaces.com https://nyc3.digitaloceanspаces.com https://nуc3.digitaloceanspaces.com
https://nyc3.ⓓigitaloceanspaces.com https://nyc3.digitaloceanspaces.cοm https://xn--nyc3-digitaloceanspaces-xyz.com https://nyc3.digitalocean\u200bspaces.com
https://nyc3.digitaloceanspaces.com;127.0.0.1:PORT https://nyc3.digitaloceanspaces.com,https://127.0.0.1:PORT https://nyc3.digitaloceanspaces.com&@127.0.0.1:PORT
file:///etc/passwd ftp://127.0.0.1:PORT gopher://127.0.0.1:PORT/_x dict://127.0.0.1:PORT ws://127.0.0.1:PORT unix:///var/run/docker.sock
http+unix://%2fvar%2frun%2fdocker.sock data:text/xml,x javascript:alert(1) blob:https://nyc3.digitaloceanspaces.com/x http://127.0.0.1:PORT http://[::1]:PORT
http://localhost:PORT http://169.254.169.254/latest/meta-data/ undefined null nyc3 *`

/** As the region alone, where a host is made of it. */
const regions = `
127.0.0.1 127.0.0.1:PORT 127.0.0.1:PORT/ 127.0.0.1:PORT# 127.0.0.1:PORT? 127.0.0.1:PORT/? 127.0.0.1:PORT\\ @127.0.0.1:PORT# a@127.0.0.1:PORT/
evil.example evil.example/ evil.example# evil.example? evil.example:PORT/x? nyc3. .nyc3 nyc3.evil.example NYC3 Nyc3 nyc３ ⓝyc3 nyc3%2f nyc3%00
nyc3/../127.0.0.1 ../../ nyc3@127.0.0.1 nyc3# nyc3? nyc3, nyc3;ams3 xn--nyc3 localhost [::1] * us-east-1 mars nyc33 yc3 0x7f.1 2130706433`

/** As the log bucket, which stands before the host or behind it. */
const buckets = `
127.0.0.1:PORT 127.0.0.1:PORT/ 127.0.0.1:PORT# 127.0.0.1:PORT/x? @127.0.0.1:PORT x@127.0.0.1:PORT evil.example# evil.example/ evil.example? a#b a?b a/b a\\b a:b
a@b .. ../.. a..b .ab ab. -ab ab- a ab% a%2fb a%00b A-B LOGS my_logs logs! lögs ｌｏｇｓ xn--ä s3://logs arn:aws:s3:::logs
arn:aws:s3:us-east-1:123456789012:accesspoint/logs arn:aws:s3::123456789012:accesspoint/logs.mrap logs--use1-az4--x-s3 logs--op-s3 logs-abc123-s3alias
logs--ol-s3 logs--table-s3 logs.mrap ${'a'.repeat(64)} logs,logs * ./logs`

const words = (text: string, port: number) =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('PORT', `${port}`))

export interface Spelling {
  endpoint?: string
  region?: string
  bucket: string
}

/** Each is one thing that a hostile caller may send; `port` is listened on at loopback. */
export function ssrfCorpus(port: number): Spelling[] {
  const bucket = 'logs'
  const hosts = [...words(loopback, port), ...words(elsewhere, port)]
  const blanks = [
    'https://nyc3.digitaloceanspaces.com ',
    ' https://nyc3.digitaloceanspaces.com',
    'https://nyc3.digitaloceanspaces.com\t',
  ]
  const breaks = [
    'https://nyc3.digitaloceanspaces.com\r\nHost: 127.0.0.1',
    `https://127.0.0.1:${port}\n.nyc3.digitaloceanspaces.com`,
  ]
  return [
    ...hosts.flatMap((host) => [`https://${host}`, `https://${host}:${port}`, `http://${host}:${port}/`]),
    ...words(shapes, port),
    ...blanks,
    ...breaks,
  ]
    .map((endpoint): Spelling => ({ endpoint, bucket }))
    .concat(words(regions, port).map((region) => ({ region, bucket })))
    .concat(
      words(regions, port).map((region) => ({
        endpoint: 'https://nyc3.digitaloceanspaces.com',
        region,
        bucket,
      })),
    )
    .concat(words(buckets, port).map((name) => ({ region: 'nyc3', bucket: name })))
    .concat(['nyc3 ', 'nyc3\r\nHost: x', 'nyc3\0'].map((region) => ({ region, bucket })))
    .concat(
      ['', 'logs\r\nHost: x', 'logs ', 'lo gs', 'logs\n'].map((name) => ({ region: 'nyc3', bucket: name })),
    )
}
