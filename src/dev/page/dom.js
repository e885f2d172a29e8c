// Small helpers for building the page. Text only ever goes in as text.

export const $ = (selector, root = document) => root.querySelector(selector);

/** el('p', {class: 'by', on: {click}}, 'text', node, null) */
export function el(tag, { on = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const [type, listener] of Object.entries(on)) node.addEventListener(type, listener);
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

export const button = (label, onClick, attributes = {}) =>
  el('button', { type: 'button', ...attributes, on: { click: onClick } }, label);

/** Only seen by screen readers. */
export const spoken = (text) => el('span', { class: 'sr' }, text);

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const HUES = 6;

export function avatar(id, name) {
  let hash = 0;
  for (const c of String(id)) hash = (hash * 31 + c.codePointAt(0)) >>> 0;
  const initial = [...String(name || id).trim()][0] ?? '?';
  return el('span', { class: `avatar hue-${hash % HUES}`, 'aria-hidden': 'true' }, initial.toUpperCase());
}

const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat([], { dateStyle: 'full', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat([], { weekday: 'long', day: 'numeric', month: 'long' });

export function timeOf(value) {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return el('span', {}, '–');
  return el('time', { datetime: date.toISOString(), title: full.format(date) }, clock.format(date));
}

export function dayOf(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? '' : day.format(date);
}

/** A menu made of <details>: Escape, a click outside or a choice closes it. */
export function menu(details) {
  const shut = (refocus) => {
    if (!details.open) return;
    details.open = false;
    if (refocus) $('summary', details).focus();
  };
  details.addEventListener('keydown', (e) => { if (e.key === 'Escape') shut(true); });
  document.addEventListener('pointerdown', (e) => { if (!details.contains(e.target)) shut(false); });
  details.addEventListener('focusout', (e) => { if (e.relatedTarget && !details.contains(e.relatedTarget)) shut(false); });
  details.addEventListener('click', (e) => { if (e.target.closest('.menu-body a, .menu-body button')) shut(false); });
}

const speaker = () => $('#say');

/** Has a screen reader say it, politely. */
export function say(text) {
  const line = el('p', {}, text);
  speaker().append(line);
  setTimeout(() => line.remove(), 5000);
}

/** sessionStorage may be off; then this window forgets on reload. */
export const memory = {
  get(key) {
    try { return JSON.parse(sessionStorage.getItem(`try.${key}`)); } catch { return null; }
  },
  set(key, value) {
    try { sessionStorage.setItem(`try.${key}`, JSON.stringify(value)); } catch { /* so be it */ }
  },
};
