'use strict';

/** The shown lanes and range as a part of the page's address: behind the #, which browsers send to no server. */
const Address = (() => {
  let quickAt = 0;

  const time = text => text === null || Number.isNaN(Date.parse(text)) ? null : Date.parse(text);

  /** Reads the address; what it lacks is undefined. */
  const read = () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    const [from, to] = [time(parts.get('from')), time(parts.get('to'))];
    const span = Number(parts.get('span'));
    return {
      text: parts.get('q') ?? '', show: parts.get('show') ?? '', sort: parts.get('sort') ?? '',
      range: from !== null && to !== null && from < to ? [from, to] : null,
      span: Number.isInteger(span) && span > 0 ? span : null,
    };
  };

  /** Writes parts that differ from the defaults. The back button returns to before; a run of quick changes is one. */
  const write = (parts, isQuick = false) => {
    const text = new URLSearchParams(parts.filter(([, value]) => value)).toString();
    if (text === location.hash.slice(1)) return;
    const target = location.pathname + location.search + (text ? '#' + text : '');
    const replaces = isQuick && Date.now() - quickAt < 1000;
    quickAt = isQuick ? Date.now() : 0;
    if (replaces) history.replaceState(null, '', target);
    else history.pushState(null, '', target);
  };

  return {read, write};
})();
