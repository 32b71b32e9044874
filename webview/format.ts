/** Numbers, sizes and times as people of one language write them. */
export interface Formats {
  readonly count: (value: number) => string;
  readonly milliseconds: (ms: number) => string;
  /** One digit, for the marks of an axis. */
  readonly roughMilliseconds: (ms: number) => string;
  readonly bytes: (bytes: number) => string;
  /** With a digit more where there are few; a dash for none. */
  readonly traffic: (bytes: number) => string;
  /** At most two units: `45s`, `3m 12s`, `2h 5m`. */
  readonly age: (ms: number) => string;
  /** Time of day to the second. */
  readonly time: (epochMs: number) => string;
  /** Time of day to the minute. */
  readonly timeToMinute: (epochMs: number) => string;
}

export function createFormats(language: string): Formats {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const minute = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const second = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const rough = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'millisecond',
    maximumSignificantDigits: 1,
  });
  const milliseconds = [0, 1, 2].map(digits => unit(language, 'millisecond', 'short', digits));
  const sizeNames = ['kilobyte', 'megabyte', 'gigabyte'] as const;
  const sizes = sizeNames.map(name => unit(language, name, 'short', name === 'gigabyte' ? 1 : 0));
  const preciseSizes = sizeNames.map(name => unit(language, name, 'short', 1));
  const singleBytes = unit(language, 'byte', 'narrow', 0);
  const ages = (['second', 'minute', 'hour', 'day'] as const).map(name =>
    unit(language, name, 'narrow', 0),
  );

  return {
    count: value => whole.format(value),
    milliseconds: ms => at(milliseconds, ms >= 100 ? 0 : ms >= 10 ? 1 : 2).format(ms),
    roughMilliseconds: ms => rough.format(ms),
    bytes: bytes => {
      const [amount, power] = inUnit(bytes);
      return at(sizes, power).format(amount);
    },
    traffic: bytes => {
      if (bytes === 0) return '–';
      if (bytes < 1024) return apart(singleBytes.formatToParts(bytes));
      const [amount, power] = inUnit(bytes);
      return at(amount < 9.95 ? preciseSizes : sizes, power).format(amount);
    },
    age: ms =>
      splitAge(ms)
        .map(([amount, power]) => at(ages, power).format(amount))
        .join(' '),
    time: epochMs => second.format(epochMs),
    timeToMinute: epochMs => minute.format(epochMs),
  };
}

/** In kilobytes, megabytes or gigabytes, whichever gives a figure that can be read. */
function inUnit(bytes: number): readonly [amount: number, power: number] {
  const power = bytes >= 1024 ** 3 ? 2 : bytes >= 1024 ** 2 ? 1 : 0;
  return [bytes / 1024 ** (power + 1), power];
}

/** The narrow form alone has a letter for single bytes, but in some languages no space before it. */
function apart(parts: readonly Intl.NumberFormatPart[]): string {
  const words = parts.map(({ type, value }) =>
    type === 'unit' ? ` ${value.trim()}` : value.trim(),
  );
  return words.join('').trim();
}

/** Amounts of the two largest units, each with its place in second, minute, hour, day. */
function splitAge(ms: number): readonly (readonly [amount: number, power: number])[] {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const amounts = [
    seconds % 60,
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 86_400),
  ];
  const largest = Math.max(
    0,
    amounts.findLastIndex(amount => amount > 0),
  );
  if (largest === 0) return [[at(amounts, 0), 0]];
  return [
    [at(amounts, largest), largest],
    [at(amounts, largest - 1), largest - 1],
  ];
}

function unit(
  language: string,
  name: string,
  unitDisplay: 'short' | 'narrow',
  digits: number,
): Intl.NumberFormat {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: name,
    unitDisplay,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
