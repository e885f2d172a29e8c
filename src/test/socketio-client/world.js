import { readFileSync } from 'node:fs';

/**
 * What there is to talk to, from the JSON file that CHAT_TEST_WORLD names: `address` of the
 * gateway, `service` the ticket system's token, and what the script at hand needs.
 */
export const world = JSON.parse(readFileSync(process.env.CHAT_TEST_WORLD, 'utf8'));
