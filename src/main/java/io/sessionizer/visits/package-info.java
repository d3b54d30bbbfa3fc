/** What comes in: visits, one page view each, and how they are read from JSON. */
package io.sessionizer.visits;
