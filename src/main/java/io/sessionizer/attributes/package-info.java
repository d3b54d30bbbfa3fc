/** Attributes of sessions: computed from a session's visits when its JSON is written. */
package io.sessionizer.attributes;
