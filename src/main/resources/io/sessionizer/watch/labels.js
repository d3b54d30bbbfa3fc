'use strict';

/** Labels of the picture: visit ids that can be distinguished, and places where a label collides with nothing. */
const Labels = (() => {
  const context = document.createElement('canvas').getContext('2d');

  /** The width of a text in pixels. */
  const width = (text, font) => {
    context.font = font;
    return context.measureText(text).width;
  };

  /** A text without its middle: so many characters from its start and from its end. */
  const cut = (text, head, tail) => text.length <= head + tail + 1 ? text : text.slice(0, head) + '…' + (tail ? text.slice(-tail) : '');

  const prefix = texts => {
    let length = 0;
    while (texts.every(text => length < text.length && text[length] === texts[0][length])) length++;
    return length;
  };

  /** Texts of at most so many characters, cut where most of them remain different; in the middle, if that is enough. */
  const short = (texts, most) => {
    const long = texts.filter(text => text.length > most);
    if (long.length === 0) return texts;
    const common = prefix(long);
    const half = Math.ceil((most - 1) / 2);
    const tails = Array.from({length: Math.max(1, most - 2)}, (_, i) => i + 1).sort((a, b) => Math.abs(a - half) - Math.abs(b - half));
    const ways = tails.map(tail => text => cut(text, most - 1 - tail, tail));
    if (common > 1) ways.push(...tails.map(tail => text => '…' + cut(text.slice(common), Math.max(0, most - 2 - tail), Math.min(tail, most - 2))));
    let best = texts;
    let different = 0;
    for (const way of ways) {
      const labels = texts.map(text => text.length > most ? way(text) : text);
      const count = new Set(labels).size;
      if (count > different) [best, different] = [labels, count];
    }
    return best;
  };

  /** Whether [left, right] is within the limits, and free of all ranges. */
  const isFree = (left, right, limits, ranges) => left >= limits[0] && right <= limits[1]
      && ranges.every(range => range[1] <= left || range[0] >= right);

  /** Where to put a label of a width beside a range: 'right', 'left' or, without room, ''. */
  const side = (range, size, limits, others) => {
    if (isFree(range[1] + 2, range[1] + 6 + size, limits, others)) return 'right';
    return isFree(range[0] - 6 - size, range[0] - 2, limits, others) ? 'left' : '';
  };

  return {cut, short, side, width};
})();
