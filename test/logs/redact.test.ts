import { expect, test } from 'bun:test'
import { redact } from '../../src/logs/redact.ts'

test.each([
  ['GET /k?X-Amz-Signature=0a1b HTTP/1.1', 'GET /k?X-Amz-Signature=[redacted] HTTP/1.1'],
  ['/k?x-amz-credential=AK%2F20240101&x-amz-date=1', '/k?x-amz-credential=[redacted]&x-amz-date=1'],
  ['/k?X-AMZ-SECURITY-TOKEN=ab/c+d==&a=1', '/k?X-AMZ-SECURITY-TOKEN=[redacted]&a=1'],
  [
    '/k?AWSAccessKeyId=AK&Expires=1&Signature=x%3D',
    '/k?AWSAccessKeyId=[redacted]&Expires=1&Signature=[redacted]',
  ],
  [
    '/k?a=1&access_token=t&client_secret=s&Password=p',
    '/k?a=1&access_token=[redacted]&client_secret=[redacted]&Password=[redacted]',
  ],
  [
    '/k?api_key=1&apikey=2&pwd=3&sig=4&auth=5&jwt=6',
    '/k?api_key=[redacted]&apikey=[redacted]&pwd=[redacted]&sig=[redacted]&auth=[redacted]&jwt=[redacted]',
  ],
  ['https://x/cb#access_token=t', 'https://x/cb#access_token=[redacted]'],
  ['/k?next=/login?token=t&b=2', '/k?next=/login?token=[redacted]&b=2'],
  [
    '/k?next=https%3A%2F%2Fh%3Fa%3D1%26X-Amz-Signature%3Dabc%26b%3D2',
    '/k?next=https%3A%2F%2Fh%3Fa%3D1%26X-Amz-Signature%3D[redacted]%26b%3D2',
  ],
  [
    '/k?X-Amz-Sign%61ture=abc&%58-Amz-%53ignature=d',
    '/k?X-Amz-Sign%61ture=[redacted]&%58-Amz-%53ignature=[redacted]',
  ],
  ['/k?token%3Da%26b&c=1', '/k?token%3D[redacted]%26b&c=1'],
  ['/k?token=a%26b&c=1', '/k?token=[redacted]&c=1'],
  ['https://user:p@ss@host/a@b', 'https://[redacted]@host/a@b'],
  ['curl -H "Authorization: AWS AK:x" -v', 'curl -H "Authorization: [redacted]" -v'],
  ['x Cookie: a=1; b=2', 'x Cookie: [redacted]'],
  ['x Bearer abc, y', 'x Bearer [redacted] y'],
  ['{"password":"a\\"b","n":1,"otp": 5}', '{"password":"[redacted]","n":1,"otp": [redacted]}'],
  ['/k?next=h%253Ftoken%253Dabc%2526b%253D2', '/k?next=h%253Ftoken%253D[redacted]%2526b%253D2'],
])('redaction hides the secrets of %s', (text, expected) => {
  expect(redact(text)).toBe(expected)
})

test('redaction leaves all else as it is', () => {
  for (const text of [
    '/k',
    '/k?prefix=token&author=me&design=1&X-Amz-SignedHeaders=host',
    '/token=1',
    '/k?token',
    '/k?token=&a=1',
    '100%',
  ])
    expect(redact(text)).toBe(text)
})
