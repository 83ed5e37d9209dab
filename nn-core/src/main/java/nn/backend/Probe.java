package nn.backend;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer to whether its backend can run here.
 *
 * @param device what it would run on, if usable
 * @param reason why it is not usable, in words a user understands
 * @param remedy what the user can do about that
 */
public record Probe(@Nullable Device device, String reason, String remedy) {

  public static Probe usable(Device device) {
    return new Probe(Objects.requireNonNull(device), "", "");
  }

  public static Probe unusable(String reason, String remedy) {
    return new Probe(null, reason, remedy);
  }

  public boolean isUsable() {
    return device != null;
  }
}
