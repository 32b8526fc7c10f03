/** A text that holds a secret, and its twin: as like it as can be, but with nothing to hide. */
export interface Plant {
  family: string
  text: string
  secret: string
  twin: string
}

const words = (text: string): string[] => text.split(' ')

const names = words(
  'X-Amz-Signature x-amz-credential X-AMZ-SECURITY-TOKEN AWSAccessKeyId GoogleAccessId Signature sig access_token refresh-token ' +
    'id.token client_secret password Passwd passphrase passcode pwd api_key apikey API-Key x.api.key private_key authorization auth ' +
    'x-auth authCode auth_code code sid connect.sid PHPSESSID JSESSIONID session session_id sessionKey user[pass] db_pass pass otp ' +
    'login-otp bearer jwt csrf _xsrf SAMLResponse cookie code_verifier x-amz-server-side-encryption-customer-key secret[]',
)
// None of them grants anything, though each looks like one that does.
const harmless = words(
  'X-Amz-SignedHeaders x-amz-date X-AMZ-ALGORITHM AWSRegion GoogleRegion Design signal accent refreshing id.taken client_section ' +
    'passage compass passenger passing widths api_kind apiary API-Version x.rapid private_mode author authority x-author authors ' +
    'country_code codec sidebar connect.side status_code JSection obsession_at sessions_total session-length user[passed] db_passes ' +
    'bypass option login-options bear jot surf x-safe samples cook encode x-amz-server-side-encryption section[]',
)
const encoded = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`
const middle = (name: string): number => Math.floor(name.length / 2)
const spellings: Record<string, (name: string) => string> = {
  'one letter encoded': (name) =>
    name.slice(0, middle(name)) + encoded(name.charAt(middle(name))) + name.slice(middle(name) + 1),
  'first letter encoded': (name) => encoded(name.charAt(0)) + name.slice(1),
  'all encoded': (name) => [...name].map(encoded).join(''),
  'all encoded twice': (name) => [...name].map((letter) => encoded(letter).replace('%', '%25')).join(''),
  'first letter encoded three times': (name) => encoded(name.charAt(0)).replace('%', '%2525') + name.slice(1),
  'digits of an escape encoded': (name) =>
    `%%3${encoded(name.charAt(0)).charAt(1)}${encoded(name.charAt(0)).slice(2)}${name.slice(1)}`,
}
const long = 'a-name-longer-than-sixty-four-characters-which-some-frameworks-do-make-'
const encode = encodeURIComponent

/** More than 300 secrets, each spelled as no other. */
export function plantedSecrets(): Plant[] {
  const plants: Plant[] = []
  const plant = (family: string, textOf: (secret: string) => string, twin: string): void => {
    const secret = `Zq7${plants.length}kW${(plants.length * 7919).toString(36)}`
    plants.push({ family, text: textOf(secret), secret, twin })
  }
  const pairs = names.map((name, at) => [name, harmless[at] ?? 'x-id'] as const)
  const some = pairs.filter((_, at) => at % 4 === 0)

  for (const [name, other] of pairs) {
    plant('parameter', (secret) => `/k?a=1&${name}=${secret}&b=2`, `/k?a=1&${other}=x1&b=2`)
    plant('word', (secret) => `tool/1 ${name}=${secret} x`, `tool/1 ${other}=x1 x`)
  }
  for (const [name, other] of some)
    for (const blank of [' ', '  ', '%20'])
      plant(
        'word, after a blank',
        (secret) => `tool/1 ${name}${blank}=${blank}${secret} x`,
        `tool/1 ${other}${blank}=${blank}x1 x`,
      )
  for (const [spelling, spell] of Object.entries(spellings))
    for (const [name, other] of some.filter(([name]) => /^\w/.test(name)))
      plant(`parameter, ${spelling}`, (secret) => `/k?${spell(name)}=${secret}`, `/k?${spell(other)}=x1`)
  for (const [name, other] of some) {
    const url = (parameter: string, value: string): string => `https://h/?a=1&${parameter}=${value}&b=2`
    plant(
      'URL in a URL',
      (secret) => `/k?next=${encode(url(name, secret))}&c=3`,
      `/k?next=${encode(url(other, 'x1'))}&c=3`,
    )
    plant(
      'URL in a URL, twice',
      (secret) => `/k?next=${encode(encode(url(name, secret)))}`,
      `/k?next=${encode(encode(url(other, 'x1')))}`,
    )
    plant('long name', (secret) => `/k?${long}${name}=${secret}`, `/k?${long}${other}=x1`)
    plant('long name, after', (secret) => `/k?token-of-${long}=${secret}`, `/k?taken-of-${long}=x1`)
    plant('fragment', (secret) => `https://h/cb#${name}=${secret}`, `https://h/cb#${other}=x1`)
    plant('JSON', (secret) => `{"a":1,"${name}":"${secret}","b":2}`, `{"a":1,"${other}":"x1","b":2}`)
    plant('JSON, loose', (secret) => `{"${name}" : ${secret}}`, `{"${other}" : x1}`)
    plant('JSON, escaped', (secret) => `{\\"${name}\\":\\"${secret}\\"}`, `{\\"${other}\\":\\"x1\\"}`)
    plant('JSON, of quotes', (secret) => `{"${name}":"a\\"${secret}"}`, `{"${other}":"a\\"x1"}`)
    plant('JSON, list', (secret) => `{"${name}":["a","${secret}"]}`, `{"${other}":["a","x1"]}`)
    plant(
      'JSON, encoded',
      (secret) => `/k?q=${encode(`{"${name}":"${secret}"}`)}`,
      `/k?q=${encode(`{"${other}":"x1"}`)}`,
    )
    plant('header', (secret) => `tool/1 (${name}: ${secret})`, `tool/1 (${other}: x1)`)
  }
  for (const scheme of ['https:', 'ftp:', 'postgres:', '']) {
    plant('user', (secret) => `${scheme}//user:${secret}@host/a`, `${scheme}//user.host/a@b`)
    plant(
      'user, with slashes',
      (secret) => `${scheme}//user:a%2F${secret}@host/a`,
      `${scheme}//host:80/a%2F@b`,
    )
    plant(
      'user, encoded',
      (secret) => `/k?u=${encode(`${scheme}//u:${secret}@h/`)}`,
      `/k?u=${encode(`${scheme}//h/u:x@h/`)}`,
    )
    plant('user, with at signs', (secret) => `${scheme}//user:p@${secret}@host`, `${scheme}//host/p@x@host`)
  }
  plant('user alone', (secret) => `https://${secret}@host/a`, 'https://host/x1@host/a')
  for (const blank of [' ', '  ', '%20', '+', '%2520', '%09', '\ufffd', '%C2%A0']) {
    plant('Bearer', (secret) => `tool/1 Bearer${blank}${secret}`, `tool/1 Bear${blank}x1`)
    plant('bearer', (secret) => `tool/1 bearer${blank}${secret}`, `the ring bearer${blank}photo`)
    plant('encoded Bearer', (secret) => `tool/1 %42earer${blank}${secret}`, `tool/1 %42ear${blank}x1`)
  }
  plant(
    'Basic',
    (secret) => `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
    'Basic Introduction',
  )
  for (const header of ['Authorization', 'authorization', 'Proxy-Authorization']) {
    const credential =
      'AWS4-HMAC-SHA256 Credential=AK/20240101/fra1/s3/aws4_request, SignedHeaders=host, Signature='
    plant(
      'Authorization',
      (secret) => `x ${header}: ${credential}${secret}`,
      `x ${header.replace('Authorization', 'Author').replace('authorization', 'author')}: host, Algorithm=x1`,
    )
    plant(
      'Authorization, other',
      (secret) => `x ${header}: Digest username=u, response=${secret}`,
      'x Author: Digest username=u, response=x1',
    )
    plant(
      'Authorization, encoded',
      (secret) => `/k?h=${encode(`${header}: AWS AK:${secret}`)}`,
      `/k?h=${encode('Author: AWS AK:x1')}`,
    )
  }
  for (const header of ['Cookie', 'Set-Cookie', 'cookie']) {
    plant(
      'cookie',
      (secret) => `x ${header}: a=1; theme="dark"; b=${secret}`,
      'x Cook: a=1; theme="dark"; b=x1',
    )
    plant(
      'cookie, encoded',
      (secret) => `/k?h=${encode(`${header}: a=1; b=${secret}`)}`,
      `/k?h=${encode('Cook: a=1; b=x1')}`,
    )
  }
  for (const delimiter of ['%26', '%2526', '%23', '"', '%22'])
    plant(
      'value with signs',
      (secret) => `/k?token=a${delimiter}${secret}&b=2`,
      `/k?taken=a${delimiter}x1&b=2`,
    )
  return plants
}

/** Keys of objects that only look like secrets. */
export const harmlessKeys = words(
  'signature.png token.json secrets/readme.md password-policy.pdf session=2024/part-0.parquet code=DE/token=1/x.csv a/pass/otp.txt ' +
    'bearer-bonds.pdf auth/sid.js arn:secret:name cookies.txt logo@2x.png photos//logo@2x.png me@example.com/x api_key.md jwt/ ' +
    'credential:1.txt Authorization access-keys/list.csv',
)
