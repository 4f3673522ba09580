// Reads a calendar from standard input with ical.js, strictly, and prints what it found there as JSON.
import ICAL from "ical.js";

ICAL.design.strict = true;
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const calendar = new ICAL.Component(ICAL.parse(Buffer.concat(chunks).toString("utf8")));
const value = (component, name) => component.getFirstPropertyValue(name)?.toString();
console.log(JSON.stringify({
  name: value(calendar, "name"), version: value(calendar, "version"), product: value(calendar, "prodid"), method: value(calendar, "method"), refresh: value(calendar, "refresh-interval"),
  events: calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid, from: event.startDate.toString(), end: event.endDate.toString(), allDay: event.startDate.isDate && event.endDate.isDate, sequence: event.sequence,
      summary: event.summary, description: event.description, location: event.location ?? undefined, status: value(component, "status"), stamp: value(component, "dtstamp"),
      url: value(component, "url"), categories: component.getFirstProperty("categories")?.getValues() ?? [], transparency: value(component, "transp"),
    };
  }),
}));
