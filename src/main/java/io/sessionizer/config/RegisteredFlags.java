package io.sessionizer.config;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The flags that Beam reads here: ours, its own, and those of the runners on the class path. */
public final class RegisteredFlags {
  private static final Pattern GETTER = Pattern.compile("(?:get|is)([A-Z].*)");
  private static final Map<String, Method> GETTERS = getters();

  private RegisteredFlags() {}

  private static Map<String, Method> getters() {
    PipelineOptionsFactory.register(SessionizationOptions.class);
    Map<String, Method> getters = new TreeMap<>();
    for (Class<? extends PipelineOptions> options : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : options.getMethods()) {
        Matcher name = GETTER.matcher(method.getName());
        if (name.matches() && method.getParameterCount() == 0) {
          getters.put("--" + Introspector.decapitalize(name.group(1)), method);
        }
      }
    }
    return Collections.unmodifiableMap(getters);
  }

  /** Returns the getters of all flags by their names, with dashes. */
  public static Map<String, Method> all() {
    return GETTERS;
  }

  /** Returns whether a flag, {@code --name}, is true without a value. */
  public static boolean isSwitch(String name) {
    Method getter = GETTERS.get(name);
    return getter != null && isBoolean(getter);
  }

  /** Returns whether a flag, {@code --name}, needs a value. */
  static boolean needsValue(String name) {
    Method getter = GETTERS.get(name);
    return getter != null && !isBoolean(getter);
  }

  private static boolean isBoolean(Method getter) {
    return getter.getReturnType() == boolean.class || getter.getReturnType() == Boolean.class;
  }
}
