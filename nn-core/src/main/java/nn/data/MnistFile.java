package nn.data;

import java.util.List;

/**
 * The four files of MNIST, with the SHA-256 of each, unpacked: of the whole set and of our subset.
 */
enum MnistFile {
  TRAIN_IMAGES(
      "train-images",
      "idx3-ubyte",
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "fa7d2ca3a0d076823a29cea1aee6ab817a91e5b47a1ef4b63c492677554b509d"),
  TRAIN_LABELS(
      "train-labels",
      "idx1-ubyte",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "3d52595427bb305b2e610884f5471f95ae9f49fb66173b74c2e6197710d8fce9"),
  TEST_IMAGES(
      "t10k-images",
      "idx3-ubyte",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "94b2db1446f22d89b56da666b4728ced9dccf7d507fa3ddebad3803b7b3c5fac"),
  TEST_LABELS(
      "t10k-labels",
      "idx1-ubyte",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      "cebe9697092f566a9c88f034438a1a0dca1f2517b0af24069d86f5e2e00349ad");

  private final String stem;
  private final String suffix;
  private final String sha256;
  private final String miniSha256;

  MnistFile(String stem, String suffix, String sha256, String miniSha256) {
    this.stem = stem;
    this.suffix = suffix;
    this.sha256 = sha256;
    this.miniSha256 = miniSha256;
  }

  /** The official name, without {@code .gz}. */
  String fileName() {
    return stem + "-" + suffix;
  }

  /** Every name that the file goes by: some unpackers write a dot for the second hyphen. */
  List<String> names() {
    String dotted = stem + "." + suffix;
    return List.of(fileName(), fileName() + ".gz", dotted, dotted + ".gz");
  }

  String sha256() {
    return sha256;
  }

  String miniSha256() {
    return miniSha256;
  }
}
