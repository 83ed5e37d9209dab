package nn.examples.chart;

import java.awt.Color;
import java.util.List;
import java.util.Map;

/** Colours that mean the same in every picture. Told apart by most colour-blind people, too. */
public final class Palette {
  public static final Color BLUE = new Color(0x1f5fbf);
  public static final Color PALE_BLUE = new Color(0xb8cdea);
  public static final Color ORANGE = new Color(0xd9730d);
  public static final Color GREEN = new Color(0x1b8a5a);
  public static final Color RED = new Color(0xc4262e);
  public static final Color PURPLE = new Color(0x8a4fbf);
  public static final Color GREY = new Color(0x8a8f98);

  /** Accuracy and loss on what was learnt from. */
  public static final Color TRAIN = BLUE;

  /** Accuracy and loss on what was held back. */
  public static final Color TEST = ORANGE;

  static final Color GRID = new Color(0xe4e4e4);
  static final Color TEXT = new Color(0x333333);

  private static final Map<String, Color> OPTIMIZERS =
      Map.of(
          "SGD", BLUE,
          "Momentum", ORANGE,
          "AdaGrad", GREEN,
          "Adam", RED,
          "RMSprop", PURPLE);

  private static final List<Color> SERIES = List.of(BLUE, ORANGE, GREEN, RED, PURPLE, GREY);

  private Palette() {}

  /** The colour of an optimizer, by the name it has in pictures. */
  public static Color optimizer(String name) {
    return OPTIMIZERS.getOrDefault(name, GREY);
  }

  /** The colour of the i-th of several curves; repeats after the sixth. */
  public static Color series(int i) {
    return SERIES.get(i % SERIES.size());
  }

  /** A colour between two, the second's share given, 0 to 1. */
  static Color between(Color a, Color b, double share) {
    return new Color(
        mix(a.getRed(), b.getRed(), share),
        mix(a.getGreen(), b.getGreen(), share),
        mix(a.getBlue(), b.getBlue(), share));
  }

  private static int mix(int a, int b, double share) {
    return (int) Math.round(a + share * (b - a));
  }
}
