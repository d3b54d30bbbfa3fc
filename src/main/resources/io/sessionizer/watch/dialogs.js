'use strict';

/** Dialogs about a record, and about a visit id. What they show is read when they open. */
const Dialogs = (settings, search) => {
  const byId = id => document.getElementById(id);
  const clock = Charts.clock(settings.timeZone);

  /** Shows name and value of each attribute. */
  const showAttributes = attributes => {
    byId('record-attributes-title').hidden = !attributes;
    byId('record-attributes').replaceChildren();
    if (!attributes) return;
    const {all, more} = attributes;
    byId('record-attributes').append(...all.flatMap(({name, value}) => [Charts.element('dt', name), Charts.element('dd', value)]));
    byId('record-attributes-title').textContent = 'Attributes' + (more ? ', the first ' + Charts.whole(all.length) : '');
  };

  /** Shows the record at a position; of a session's record also the attributes. */
  const record = async (position, attributes) => {
    const response = await fetch('api/record?' + new URLSearchParams(position));
    const read = response.ok ? await response.json() : null;
    const parts = byId('record-parts');
    parts.replaceChildren();
    showAttributes(attributes);
    const part = (name, value) => parts.append(Charts.element('dt', name), Charts.element('dd', value));
    byId('record-title').textContent = position.topic + ', partition ' + position.partition + ', offset ' + position.offset;
    if (read) {
      part('key', read.key ?? read.key_base64 ?? '(none)');
      part('written', clock.full(read.timestamp));
      for (const [name, value] of Object.entries(read.headers)) part(name, value ?? '(none)');
      byId('record-value').textContent = read.value === null && !read.value_base64 ? '(no value: a tombstone)'
          : read.value === undefined || read.value === null ? 'base64: ' + read.value_base64 : String(read.value);
    } else {
      byId('record-value').textContent = await response.text();
    }
    byId('record').showModal();
  };

  let reading = null;
  let explained = '';

  const stop = () => {
    reading?.close();
    reading = null;
  };

  const progress = text => { byId('explain-progress').textContent = text; };

  const showLines = ({lines, more}) => {
    byId('explanation').replaceChildren(...lines.map(({style, text}) => Charts.element('p', text, {class: style.toLowerCase()})));
    progress('Read at ' + clock.time(Date.now()) + ' ' + settings.timeZone + ', as ./sessionizer explain does'
        + (more ? '; it prints ' + Charts.whole(more) + ' more lines' : '') + '.');
  };

  const explain = visitId => {
    stop();
    explained = visitId;
    byId('explain-title').textContent = 'Explain ' + visitId;
    byId('explanation').replaceChildren();
    progress('reading the topics …');
    byId('explain').showModal();
    const source = new EventSource('api/explain?' + new URLSearchParams({visitId}));
    reading = source;
    source.onmessage = event => {
      if (source !== reading) return;
      const {lines, more, problem, read, size} = JSON.parse(event.data);
      if (lines) showLines({lines, more});
      else if (problem) progress(problem);
      else if (size) progress('reading the topics: ' + Charts.whole(read) + ' of ' + Charts.whole(size) + ' records');
      if (lines || problem) stop();
    };
    source.onerror = () => {
      if (source !== reading) return;
      stop();
      progress('no response from the program that serves this page');
    };
  };

  byId('explain').addEventListener('close', stop);
  byId('explain-search').addEventListener('click', () => {
    byId('explain').close();
    search(explained);
  });

  return {explain, record};
};
