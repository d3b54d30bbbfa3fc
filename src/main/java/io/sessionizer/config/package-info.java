/** What the user types, and what the program means by it. */
package io.sessionizer.config;
