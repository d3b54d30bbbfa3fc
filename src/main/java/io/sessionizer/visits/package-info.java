/** Visits, one page view each: how they are read from JSON, and where a rejected record goes. */
package io.sessionizer.visits;
