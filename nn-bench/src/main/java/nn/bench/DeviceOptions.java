package nn.bench;

import nn.backend.Backends;
import nn.backend.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * What computes, and how exactly: the options of every command that computes, here or elsewhere.
 */
public final class DeviceOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = Backends.AUTO,
      description = "A name that nn backends lists, or ${DEFAULT-VALUE} for the best usable one.")
  private String backend = Backends.AUTO;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "f32",
      converter = PrecisionName.class,
      description = {
        "The least that matrix products need: f32, tf32 or bf16.",
        "Only the cuda backend makes use of less than f32."
      })
  private Precision precision = Precision.F32;

  /** The backend that the user wants, or the best. */
  public Backends.Choice choose() {
    return Backends.choose(backend);
  }

  /** How exact the factors of products have to be. */
  public Precision precision() {
    return precision;
  }

  /** A precision by the name that users give it. */
  static final class PrecisionName implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String name) {
      try {
        return Precision.named(name);
      } catch (IllegalArgumentException unknown) {
        throw new TypeConversionException(unknown.getMessage());
      }
    }
  }
}
