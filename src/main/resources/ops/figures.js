// What is shown of a pod, and how.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const ratio = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const known = (value) => typeof value === 'number' && Number.isFinite(value);

/** A count. A dash where the pod, of an older version, doesn't report it. */
export const count = (value) => (known(value) ? whole.format(value) : '–');
/** A rate or a time, which below 100 is shown with a decimal. */
export const rate = (value) => (known(value) ? (value < 100 ? fine : whole).format(value) : '–');
export const times = (value) => (known(value) ? `${ratio.format(value)} ×` : '–');

const plain = (pod) => pod.connections - pod.socketio_connections;

/** The columns after the pod's name and state: a number each, of a pod or of all together. */
export const COLUMNS = [
  { name: 'connections', label: 'Connections', show: (pod) => count(pod.connections) },
  { name: 'plain', label: 'Plain', show: (pod) => count(plain(pod)) },
  { name: 'socketio', label: 'Socket.IO', show: (pod) => count(pod.socketio_connections) },
  { name: 'rooms', label: 'Rooms', show: (pod) => count(pod.rooms) },
  { name: 'users', label: 'Users', show: (pod) => count(pod.users) },
  { name: 'accepted', label: 'Accepted /s', hint: 'Messages stored', show: (pod) => rate(pod.accepted_per_s) },
  { name: 'delivered', label: 'Delivered /s', hint: 'Room events handed to connections', show: (pod) => rate(pod.delivered_per_s) },
  { name: 'refused', label: 'Refused /s', hint: 'Errors told to clients', show: (pod) => rate(pod.refused_per_s) },
  { name: 'lag', label: 'Relay lag ms', hint: 'From publishing to hearing it', show: (pod) => rate(pod.relay_lag_ms) },
  { name: 'redis', label: 'Redis ms', hint: 'From a command to its answer', show: (pod) => rate(pod.redis_ms) },
  { name: 'gaps', label: 'Gaps healed', hint: 'Times a room was completed from the store', show: (pod) => count(pod.gaps_healed) },
  { name: 'recovered', label: 'Resumed', hint: 'Resumes that missed nothing', show: (pod) => count(pod.resumes_recovered) },
  { name: 'not-recovered', label: 'Not resumed', hint: 'Resumes that got the newest page instead', show: (pod) => count(pod.resumes_not_recovered) },
  { name: 'dropped', label: 'Dropped', hint: 'Events left out for clients that read slowly', show: (pod) => count(pod.dropped) },
  { name: 'slow', label: 'Closed slow', hint: 'Connections closed with 4408', show: (pod) => count(pod.closed_slow) },
  { name: 'lost', label: 'Redis lost', hint: 'Connections to Redis that were lost', show: (pod) => count(pod.redis_disconnects) },
];

const SILENT_MS = 4000;

/** What is to be known of a pod besides numbers: [tone, words]. */
export function states(pod) {
  const found = [];
  if (pod.draining) found.push(['warn', 'draining']);
  if (pod.store === 'refusing') found.push(['bad', `Redis refuses writes: ${pod.store_says}`]);
  else if (pod.store !== 'reachable') found.push(['bad', 'Redis out of reach']);
  if (pod.heard_ms_ago > SILENT_MS) found.push(['bad', 'silent']);
  if (pod.connections >= pod.connections_limit) found.push(['bad', 'full']);
  return found.length ? found : [['good', 'serving']];
}

/** How long ago, or for how long: the two largest units. */
export function duration(seconds) {
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const parts = [];
  let left = Math.max(0, Math.floor(seconds));
  for (const [size, unit] of units) {
    const whole = Math.floor(left / size);
    if ((whole > 0 || (unit === 's' && parts.length === 0)) && parts.length < 2) parts.push(`${whole} ${unit}`);
    left %= size;
  }
  return parts.join(' ');
}

/** The tiles at the top: [name, label, value, small print]. */
export function tiles({ totals, spread }) {
  const even = spread.connections;
  return [
    ['pods', 'Pods', count(totals.pods), totals.draining ? `${count(totals.draining)} draining` : 'none draining'],
    ['connections', 'Connections', count(totals.connections), `${count(plain(totals))} plain, ${count(totals.socketio_connections)} Socket.IO`],
    ['skew', 'Skew', times(even?.skew), even ? `fullest pod to mean; ${count(even.min)} to ${count(even.max)} connections` : 'no pod takes connections'],
    ['rooms', 'Rooms', count(totals.rooms), 'with somebody in them'],
    ['users', 'Users', count(totals.users), 'connected'],
    ['accepted', 'Accepted', rate(totals.accepted_per_s), 'messages per second'],
    ['delivered', 'Delivered', rate(totals.delivered_per_s), 'events per second'],
    ['refused', 'Refused', rate(totals.refused_per_s), 'errors per second'],
    ['lag', 'Relay lag', rate(totals.relay_lag_ms), 'ms, of the slowest pod'],
  ];
}
