// What the file holds: the head, the list of tasks, and blocks of tasks that are unpacked when needed.

const read = (id) => JSON.parse($(id).textContent);

async function unpack(base64) {
  const letters = atob(base64);
  const packed = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) packed[at] = letters.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

async function lines(node) {
  const text = await unpack(node.textContent);
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

const data = {
  head: read('head'),
  written: read('written'),
  rows: [],
  byId: new Map(),
  blocks: [],
  // The latest first; a few are kept, because neighbours are looked at one after the other.
  open: [],

  async load() {
    const [list] = document.getElementsByClassName('rows');
    this.blocks = [...document.getElementsByClassName('block')];
    this.rows = await lines(list);
    this.rows.forEach((row, at) => {
      row.at = at;
      row.find = `${row.title}\n${row.id}\n${row.pack}\n${row.mode}`.toLowerCase();
      row.kill = row.near_misses ? row.killed / row.near_misses : null;
      // The first of those with the same id: ids of other makers may repeat.
      if (!this.byId.has(row.id)) this.byId.set(row.id, row);
    });
  },

  async block(number) {
    let found = this.open.find((one) => one.number === number);
    if (!found) found = { number, tasks: lines(this.blocks[number]) };
    this.open = [found, ...this.open.filter((one) => one !== found)].slice(0, 6);
    return found.tasks;
  },

  async task(row) {
    if (!row.place) return null;
    return (await this.block(row.place[0]))[row.place[1]];
  },

  // Adds the words of statements and elements to what rows are found by, block after block, so
  // that typing is never held up.
  async readStatements(progress) {
    if (this.readAll) return;
    this.readAll = true;
    const rowsOf = new Map();
    for (const row of this.rows) {
      if (!row.place) continue;
      const list = rowsOf.get(row.place[0]) ?? rowsOf.set(row.place[0], []).get(row.place[0]);
      list.push(row);
    }
    for (let number = 0; number < this.blocks.length; number += 1) {
      const tasks = await lines(this.blocks[number]);
      for (const row of rowsOf.get(number) ?? []) {
        const task = tasks[row.place[1]];
        const elements = task.elements.map(([name, value]) => `${name}: ${textOf(value)}`);
        row.find += `\n${textOf(task.statement)}\n${elements.join('\n')}`.toLowerCase();
      }
      progress((number + 1) / this.blocks.length);
    }
  },
};
