package nn.backend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path, and the choice among them. */
public final class Backends {
  /** The name that stands for the best usable backend. */
  public static final String AUTO = "auto";

  /**
   * A provider and what it found.
   *
   * @param provider the provider
   * @param probe its answer
   */
  public record Found(BackendProvider provider, Probe probe) {}

  /**
   * The backend taken.
   *
   * @param provider its provider
   * @param device what it runs on
   * @param explanation one line: what was taken, and why better ones were not
   */
  public record Choice(BackendProvider provider, Device device, String explanation) {
    /** A new instance. */
    public Backend create(BackendOptions options) {
      return provider.create(options);
    }
  }

  private Backends() {}

  /** Every provider on the class path, best first, with its answer. */
  public static List<Found> find() {
    List<Found> found = new ArrayList<>();
    var providers = ServiceLoader.load(BackendProvider.class).iterator();
    while (hasNext(providers)) {
      try {
        BackendProvider provider = providers.next();
        found.add(new Found(provider, provider.probe()));
      } catch (ServiceConfigurationError broken) {
        System.getLogger(Backends.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a backend provider was skipped: " + broken.getMessage());
      }
    }
    found.sort(Comparator.comparingInt((Found f) -> f.provider().score()).reversed());
    return List.copyOf(found);
  }

  private static boolean hasNext(Iterator<BackendProvider> providers) {
    try {
      return providers.hasNext();
    } catch (ServiceConfigurationError broken) {
      return hasNext(providers);
    }
  }

  /**
   * Takes the backend of that name, or the best usable one for {@value #AUTO}.
   *
   * @throws NoBackendException if there is none of that name, or it is not usable; the message says
   *     what to do
   */
  public static Choice choose(String name) {
    return choose(name, find());
  }

  static Choice choose(String name, List<Found> found) {
    return name.equals(AUTO) ? best(found) : named(name, found);
  }

  private static Choice named(String name, List<Found> found) {
    for (Found f : found) {
      if (f.provider().name().equals(name)) {
        Device device = f.probe().device();
        if (device == null) {
          throw new NoBackendException(
              "the "
                  + name
                  + " backend cannot run here: "
                  + f.probe().reason()
                  + ". "
                  + f.probe().remedy());
        }
        return new Choice(f.provider(), device, "backend " + name + ": " + device.name());
      }
    }
    String names = found.stream().map(f -> f.provider().name()).collect(Collectors.joining(", "));
    throw new NoBackendException(
        "no backend is called \"" + name + "\"; there are: " + AUTO + ", " + names);
  }

  private static Choice best(List<Found> found) {
    StringBuilder better = new StringBuilder();
    for (Found f : found) {
      Device device = f.probe().device();
      if (device != null) {
        String line = "backend " + f.provider().name() + ": " + device.name();
        return new Choice(f.provider(), device, better.isEmpty() ? line : line + better + ")");
      }
      better.append(better.isEmpty() ? " (not " : "; not ");
      better.append(f.provider().name()).append(": ").append(f.probe().reason());
    }
    throw new NoBackendException("no backend can run here" + better);
  }
}
