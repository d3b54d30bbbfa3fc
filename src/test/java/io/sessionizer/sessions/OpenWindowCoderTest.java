package io.sessionizer.sessions;

import io.sessionizer.testing.CoderContract;
import org.apache.beam.sdk.coders.Coder;

/** The windows engine's state of a visit id. */
class OpenWindowCoderTest implements CoderContract<OpenWindow> {
  @Override
  public Coder<OpenWindow> coder() {
    return OpenWindowCoder.of();
  }

  @Override
  public OpenWindow example() {
    return new OpenWindow(5, 305, 2, new SessionBytes(300, 1));
  }
}
