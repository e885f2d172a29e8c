// Mints one customer's token a line, for a load generator: node tokens.mjs KEY.pem COUNT ROOMS
// User i may enter ticket i modulo ROOMS. Tokens hold for two hours.
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [keyFile, count, rooms] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(keyFile));
const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
const now = Math.floor(Date.now() / 1000);

for (let i = 0; i < Number(count); i++) {
  const claims = {
    iss: 'bench',
    iat: now,
    exp: now + 7200,
    sub: `u${i}`,
    name: `User ${i}`,
    groups: [],
    tickets: [String(i % Number(rooms))],
  };
  const token = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(token), key).toString('base64url');
  console.log(`${token}.${signature}`);
}
