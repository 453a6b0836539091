// Numbers and names as a person reads them.

const descriptors = [
  { name: "molecular_weight", words: "Molecular weight", unit: "Da", low: 0, high: 1000, step: 10 },
  { name: "logp", words: "logP", unit: "", low: -6, high: 12, step: 0.1 },
  { name: "polar_surface_area", words: "Polar surface area", unit: "Å²", low: 0, high: 300, step: 5 },
  { name: "hydrogen_bond_donors", words: "H-bond donors", unit: "", low: 0, high: 15, step: 1 },
  { name: "hydrogen_bond_acceptors", words: "H-bond acceptors", unit: "", low: 0, high: 25, step: 1 },
  { name: "rotatable_bonds", words: "Rotatable bonds", unit: "", low: 0, high: 30, step: 1 },
  { name: "rings", words: "Rings", unit: "", low: 0, high: 12, step: 1 },
  { name: "aromatic_rings", words: "Aromatic rings", unit: "", low: 0, high: 10, step: 1 },
  { name: "fraction_sp3", words: "Fraction sp³", unit: "", low: 0, high: 1, step: 0.05 },
  { name: "heavy_atoms", words: "Heavy atoms", unit: "", low: 0, high: 100, step: 1 },
  { name: "total_charge", words: "Charge", unit: "", low: -6, high: 6, step: 1 },
];
const descriptorNamed = Object.fromEntries(descriptors.map((one) => [one.name, one]));

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const count = (number) => whole.format(number);

/// "1 molecule", "2 molecules".
const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

/// Three or four digits that matter.
function short(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  const size = Math.abs(number);
  if (size >= 10_000) return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 }).format(number);
  if (size >= 100 || Number.isInteger(number)) return count(number);
  return number.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : size === 0 ? 0 : 3).replace("-", "−");
}

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;

function bytes(number) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (number >= 1000 && unit < units.length - 1) { number /= 1000; unit += 1; }
  return `${number.toFixed(unit === 0 || number >= 100 ? 0 : 1)} ${units[unit]}`;
}

function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 0.001) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (seconds < 1) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/// A moment of the API (RFC 3339) in the person's own time zone.
function moment(text) {
  const time = new Date(text);
  return Number.isNaN(time.valueOf()) ? String(text)
    : time.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/// "molecular_weight" as words.
const spelled = (name) => name === "log_p" ? "logP" : descriptorNamed[name]?.words ?? name.replaceAll("_", " ");

const capitalized = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/// What an item is called: its name, else the id of its row.
const itemName = (item) => {
  const name = item.properties?.name ?? item.properties?.title;
  return typeof name === "string" && name ? name : item.source_id || `Item ${item.id}`;
};
