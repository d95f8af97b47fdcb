// Elements and numbers. Every text becomes a text node: nothing that a task says is ever parsed.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.entries(value).forEach(([key, one]) => node.style.setProperty(key, one));
    else node.setAttribute(name, value === true ? '' : visible(String(value)));
  }
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  node.append(...shown.map((child) => (child instanceof Node ? child : visible(String(child)))));
  return node;
}

const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const $ = (id) => document.getElementById(id);

const NARROW = '\u202f';

function count(number) {
  return Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, NARROW);
}

function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

// Three significant digits, without the noise of more.
function short(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return '–';
  const size = Math.abs(number);
  if (Number.isInteger(number) || size >= 1000) return number < 0 ? `−${count(size)}` : count(number);
  const text = size >= 100 ? size.toFixed(0) : size >= 10 ? size.toFixed(1) : size.toFixed(2);
  return number < 0 ? `−${text}` : text;
}

// A share. Nearly all is not all, and nearly nothing is not nothing.
function percent(share, digits = 1) {
  if (share === null || share === undefined) return '–';
  const scale = 10 ** digits;
  let tenths = Math.round(share * 100 * scale);
  if (share < 1 && tenths >= 100 * scale) tenths = 100 * scale - 1;
  if (share > 0 && tenths <= 0) tenths = 1;
  return `${(tenths / scale).toFixed(tenths % scale === 0 ? 0 : digits)}${NARROW}%`;
}

function dollars(amount) {
  if (!amount) return '$0';
  return `$${amount < 0.01 ? amount.toPrecision(2) : amount < 10 ? amount.toFixed(3) : count(amount * 100) / 100}`;
}

function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  const [minutes, hours, days] = [60, 3600, 86400].map((one) => Math.floor(seconds / one));
  if (days) return `${days} d ${hours % 24} h`;
  if (hours) return `${hours} h ${minutes % 60} min`;
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

const words = (name) => name.replaceAll('_', ' ');

// Letters that nobody sees, or that turn others around, made visible.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function visible(text) {
  return text.replace(/\r\n/g, '\n').replace(UNSEEN, (letter) => `⟨U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

// Texts come whole, or cut with their whole length.
const textOf = (text) => visible(typeof text === 'string' ? text : text?.text ?? '');

function cutNote(text) {
  if (!text || typeof text === 'string') return null;
  const more = text.letters - [...text.text].length;
  return h('p', { class: 'note cut' }, `… ${plural(more, 'more letter')}; the whole is in the dataset.`);
}

function table(head, rows, attributes) {
  const cell = (tag) => (value, at) => {
    const number = at > 0 && (typeof value === 'number' || value?.className === 'meter' || /^[−–$~≥<]?[\d.,\u202f]+/.test(value));
    return h(tag, { class: number || value === '–' ? 'number' : null, scope: tag === 'th' ? 'col' : null }, typeof value === 'number' ? short(value) : value);
  };
  return h('table', attributes,
    h('thead', null, h('tr', null, head.map((name, at) => h('th', { scope: 'col', class: at > 0 && rows.length && cell('td')(rows[0][at], at).className === 'number' ? 'number' : null }, name)))),
    h('tbody', null, rows.map((row) => h('tr', null, row.map(cell('td'))))));
}
