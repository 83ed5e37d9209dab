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
    return providers().stream().map(Backends::ask).toList();
  }

  /** The providers, best first, none of them asked yet. */
  private static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    var found = ServiceLoader.load(BackendProvider.class).iterator();
    while (hasNext(found)) {
      try {
        providers.add(found.next());
      } catch (ServiceConfigurationError broken) {
        System.getLogger(Backends.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "a backend provider was skipped: " + broken.getMessage());
      }
    }
    providers.sort(Comparator.comparingInt(BackendProvider::score).reversed());
    return providers;
  }

  private static boolean hasNext(Iterator<BackendProvider> providers) {
    try {
      return providers.hasNext();
    } catch (ServiceConfigurationError broken) {
      return hasNext(providers);
    }
  }

  /** A provider that breaks its word and throws is one that cannot run. */
  private static Found ask(BackendProvider provider) {
    try {
      return new Found(provider, provider.probe());
    } catch (RuntimeException | LinkageError broken) {
      return new Found(provider, Probe.unusable("its probe failed: " + broken, "See nn doctor"));
    }
  }

  /**
   * Takes the backend of that name, or the best usable one for {@value #AUTO}. No provider is asked
   * that does not matter, so that one that is broken harms no other.
   *
   * @throws NoBackendException if there is none of that name, or it is not usable; the message says
   *     what to do
   */
  public static Choice choose(String name) {
    return choose(name, providers());
  }

  static Choice choose(String name, List<BackendProvider> providers) {
    return name.equals(AUTO) ? best(providers) : named(name, providers);
  }

  private static Choice named(String name, List<BackendProvider> providers) {
    for (BackendProvider provider : providers) {
      if (provider.name().equals(name)) {
        Probe probe = ask(provider).probe();
        Device device = probe.device();
        if (device == null) {
          throw new NoBackendException(
              "the %s backend cannot run here: %s. %s"
                  .formatted(name, probe.reason(), probe.remedy()));
        }
        return new Choice(provider, device, "backend " + name + ": " + device.name());
      }
    }
    String names = providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
    throw new NoBackendException(
        "no backend is called \"" + name + "\"; there are: " + AUTO + ", " + names);
  }

  private static Choice best(List<BackendProvider> providers) {
    StringBuilder better = new StringBuilder();
    for (BackendProvider provider : providers) {
      Probe probe = ask(provider).probe();
      Device device = probe.device();
      if (device != null) {
        String line = "backend " + provider.name() + ": " + device.name();
        return new Choice(provider, device, better.isEmpty() ? line : line + better + ")");
      }
      better.append(better.isEmpty() ? " (not " : "; not ");
      better.append(provider.name()).append(": ").append(probe.reason());
    }
    throw new NoBackendException("no backend can run here" + better);
  }
}
