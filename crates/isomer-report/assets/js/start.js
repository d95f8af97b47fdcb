// What is shown: the summary, or the tasks with one of them. The address says which.

const THEMES = { auto: '◐', light: '☀', dark: '☾' };

function theme(name) {
  document.documentElement.dataset.theme = name;
  const button = $('theme');
  button.textContent = THEMES[name];
  button.title = `Colours: ${name}`;
}

function bar(sections) {
  const names = Object.keys(THEMES);
  return [
    h('a', { class: 'brand', href: '#summary' }, h('b', null, 'isomer'), h('span', null, data.head.title)),
    h('nav', { 'aria-label': 'Views' }, h('a', { href: '#summary', id: 'to-summary' }, 'Summary'), h('a', { href: '#tasks', id: 'to-tasks' }, 'Tasks ', h('span', { class: 'pill' }, count(data.written.tasks)))),
    h('nav', { class: 'sections', 'aria-label': 'Sections' }, sections.map((node) => h('a', { href: `#${node.id}` }, node.querySelector('h2').textContent))),
    h('button', { type: 'button', class: 'quiet', id: 'help', title: 'Keys', 'aria-label': 'Keys', onclick: () => $('keys').showModal() }, '?'),
    h('button', { type: 'button', class: 'quiet', id: 'theme', 'aria-label': 'Colours', onclick: () => theme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % 3]) }),
  ];
}

function keys() {
  const all = [['/', 'search the tasks'], ['j  k', 'next and previous task'], ['s', 'summary'], ['t', 'tasks'], ['Esc', 'back to the list, or clear the search'], ['← → ↑ ↓', 'move on the map; Enter opens'], ['?', 'this help']];
  return h('dialog', { id: 'keys', 'aria-label': 'Keys' }, h('h2', null, 'Keys'), h('dl', null, all.map(([key, text]) => [h('dt', null, h('kbd', null, key)), h('dd', null, text)])), h('form', { method: 'dialog' }, h('button', { class: 'more' }, 'Close')));
}

// An address that somebody typed may be anything.
function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

async function start() {
  await data.load();
  const main = $('main');
  const go = (address) => {
    window.location.hash = address;
  };
  const open = (id) => go(`tasks/${encodeURIComponent(id)}`);
  const first = summary(open);
  const list = taskList(open);
  const detail = h('div', { class: 'detail', tabindex: -1 });
  const tasks = h('div', { class: 'tasks' }, list.node, h('div', { class: 'detail-box' }, h('a', { class: 'back', href: '#tasks' }, '← All tasks'), detail));
  $('bar').replaceChildren(...bar([...first.querySelectorAll(':scope > section')]));
  main.replaceChildren(first, tasks);
  document.body.append(keys());
  theme('auto');
  list.update();

  let shown = null;
  const show = async (id) => {
    const row = data.byId.get(id);
    if (shown === id) return;
    shown = id;
    list.select(id);
    if (!row) {
      detail.replaceChildren(h('p', { class: 'missing' }, `There is no task ${id} in this file.`));
      return;
    }
    const task = await data.task(row);
    if (shown !== id) return;
    detail.replaceChildren(task ? taskPage(row, task) : h('p', { class: 'missing' }, `This task was left out to keep the file small. It is in ${data.head.sources.map(visible).join(', ')}, with the id ${id}.`));
    detail.scrollTop = 0;
    if (window.innerWidth < 900) window.scrollTo(0, 0);
  };

  const follow = () => {
    tip.hide();
    const address = window.location.hash.slice(1) || 'summary';
    const [view, id] = address.startsWith('tasks') ? ['tasks', address.slice(6)] : ['summary', null];
    document.body.dataset.view = view;
    document.body.dataset.task = String(Boolean(id));
    for (const name of ['summary', 'tasks']) $(`to-${name}`).toggleAttribute('aria-current', name === view);
    if (view === 'tasks') {
      list.update(true);
      if (id) show(decoded(id));
      else if (window.innerWidth >= 900 && list.first()) show(list.first());
    } else if (address !== 'summary') $(address)?.scrollIntoView();
    else window.scrollTo(0, 0);
  };
  window.addEventListener('hashchange', follow);

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
    const typing = event.target.matches('input, select, textarea');
    if (event.key === 'Escape') {
      tip.hide();
      if (typing) event.target.blur();
      else if (document.body.dataset.task === 'true' && window.innerWidth < 900) go('tasks');
    }
    if (typing) return;
    const actions = {
      '/': () => {
        if (document.body.dataset.view !== 'tasks') go('tasks');
        // After the view has changed.
        setTimeout(list.focus);
      },
      '?': () => $('keys').showModal(), s: () => go('summary'), t: () => go('tasks'), j: () => list.go(1), k: () => list.go(-1),
    };
    if (!actions[event.key] || ((event.key === 'j' || event.key === 'k') && document.body.dataset.view !== 'tasks')) return;
    event.preventDefault();
    actions[event.key]();
  });

  // Printed, a report has all its numbers open.
  window.addEventListener('beforeprint', () => document.querySelectorAll('.summary details.numbers').forEach((node) => {
    node.open = true;
  }));
  tip.start();
  follow();
  document.body.dataset.ready = 'true';
}

start().catch((error) => {
  $('main').replaceChildren(h('p', { class: 'missing' }, `This report could not be drawn (${error.message}). It needs a browser of 2023 or later.`));
  throw error;
});
