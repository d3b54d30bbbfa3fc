package io.sessionizer.launch;

import io.sessionizer.sessions.Engine;

/**
 * The engine of a job that names none.
 *
 * @param engine the engine
 * @param reason why it is the default, for the log
 */
record DefaultEngine(Engine engine, String reason) {
  static final DefaultEngine OF_FILES =
      new DefaultEngine(Engine.STATEFUL, "the only one for files");

  static final DefaultEngine WINDOWS = new DefaultEngine(Engine.WINDOWS, "the default");
}
