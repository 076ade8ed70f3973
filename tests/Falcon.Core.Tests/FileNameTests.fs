module Falcon.Core.Tests.FileNameTests

open System
open System.IO
open System.Linq
open System.Text
open Expecto
open Falcon

/// Names that people give, and what is made of them.
let private names =
    [ "bottle"
      "metal_nut"
      "图像"
      "螺丝"
      "Ωμέγα"
      "Болт"
      "a b"
      "a-b"
      "a--b"
      "a_b"
      "a/b"
      "a\\b"
      "a\nb"
      "100%"
      "100"
      "100 "
      " 100"
      "é"
      "e\u0301"
      "हिन्दी"
      "שלום"
      "🔩"
      "🔩🔩"
      ".."
      "."
      ""
      "-"
      "--"
      "~"
      "CON"
      "x#z&$y"
      "b{s}^~"
      "C\"q'd"
      String('图', 90)
      String('图', 91)
      "a~12345678" ]

let private text (letters: char list) = String(Array.ofList letters)

let private fits (name: string) = Encoding.UTF8.GetByteCount name <= 255

[<Tests>]
let tests =
    testList
        "File names"
        [ test "different names become different parts of file names, of plain names themselves" {
              let parts = [ for name in names -> FileName.Part name ]
              Expect.hasLength (List.distinct parts) names.Length "different"

              for name in [ "bottle"; "metal_nut"; "图像"; "螺丝"; "Ωμέγα"; "Болт"; "a-b"; "a_b"; "100"; "é"; "हिन्दी"; "🔩" ] do
                  Expect.equal (FileName.Part name) name "plain"

              for name, part in List.zip names parts do
                  Expect.isFalse (part.IndexOfAny [| '/'; '\\'; '\n'; ' '; '%'; '"'; '*'; '?'; ':' |] >= 0) name
                  Expect.isNonEmpty part name

              Expect.stringStarts (FileName.Part "100%") "100~" "readable"
              Expect.notEqual (FileName.Part("Cap", true)) "Cap" "one of two that differ in capitals"
          }
          testProperty "any two texts have different parts" (fun (first: char list) (second: char list) ->
              first = second || FileName.Part(text first) <> FileName.Part(text second))
          test "a name is shortened by bytes, between letters" {
              for length in [ 20; 60; 120; 255 ] do
                  for name in [ String('x', 300); String('图', 150); String.replicate 80 "e\u0301"; String.replicate 90 "🔩" ] do
                      let short = FileName.Shortened(name, length)
                      Expect.isLessThanOrEqual (Encoding.UTF8.GetByteCount short) length "bytes"

                      Expect.equal
                          (short |> Seq.filter Char.IsHighSurrogate |> Seq.length)
                          (short |> Seq.filter Char.IsLowSurrogate |> Seq.length)
                          "halves"

              Expect.equal (FileName.Shortened("bottle", 6)) "bottle" "as it is"
              Expect.notEqual (FileName.Shortened(String('x', 300), 60)) (FileName.Shortened(String('x', 301), 60)) "different"
          }
          test "what is made of files has their names, unless two would have one" {
              let files =
                  [ "000.png"
                    "a.png"
                    "a.jpg"
                    "a.png.png"
                    "b/c.png"
                    "b.png/c.png"
                    "b.jpg"
                    "D.png"
                    "d.png"
                    "é.png"
                    "e\u0301.png"
                    String('x', 251) + ".png"
                    String('x', 250) + ".jpeg"
                    "deep/" + String('图', 83) + ".webp" ]

              let stems = FileName.Stems(files, [| ".png"; ".npy" |])
              Expect.equal stems["000.png"] "000" "as it is"
              Expect.equal stems["b/c.png"] "b/c" "in its folder"
              let made = [ for file in files -> stems[file] + ".png" ]
              Expect.hasLength (made |> List.distinctBy _.ToUpperInvariant()) files.Length "different"
              let folders = [ for name in made -> string (Path.GetDirectoryName name) ]
              Expect.isEmpty (made.Intersect folders) "no file stands where a folder does"

              for name in made do
                  Expect.all (name.Split '/') fits name
          }
          test "a text in one line shows its controls by their numbers" {
              Expect.equal (FileName.Shown "a\nb\u001b[31m") @"a\x0ab\x1b[31m" "shown"
              Expect.equal (FileName.Shown "图 é") "图 é" "as it is"
          }
          testProperty "a table of any texts is read as it was written" (fun (rows: char list list list) ->
              let rows = [ for row in rows -> "x" :: [ for field in row -> (text field).Replace('\uFEFF', '.') ] ]
              let written = String.concat "\r\n" [ for row in [ "a"; "b" ] :: rows -> Csv.Line row ]
              [ for record in Csv.Read(written).Records -> List.ofSeq record.Fields ] = [ "a"; "b" ] :: rows)
          test "records know the lines on which they begin" {
              let table = Csv.Read "a;b\r\n\r\n\"1\r\n2\";3\n4;5"
              Expect.equal table.Separator ';' "separator"
              Expect.equal [ for record in table.Records -> record.Line ] [ 1; 3; 5 ] "lines"
          } ]
