"""What the codes of findings mean: Vietnamese, English."""

from verifier.bundle.findings import State

Words = tuple[str, str]

SETTLED: dict[str, Words] = {
    State.HOLDS: (
        "KẾT LUẬN: mọi nội dung trong gói đều được chứng minh.",
        "RESULT: everything in the bundle is proven.",
    ),
    State.FAILS: ("KẾT LUẬN: có nội dung KHÔNG đúng.", "RESULT: something does NOT hold."),
    State.UNPROVEN: (
        "KẾT LUẬN: không thấy sai lệch, nhưng có nội dung chưa được chứng minh.",
        "RESULT: nothing was found wrong, but something is not proven.",
    ),
}

HEADINGS: dict[str, Words] = {
    State.HOLDS: ("Được chứng minh", "Proven"),
    State.FAILS: ("Không đúng", "Does not hold"),
    State.UNPROVEN: ("Chưa được chứng minh", "Not proven"),
    State.TOLD: ("Cần biết thêm", "Good to know"),
}

SENTENCES: dict[str, Words] = {
    # Files
    "files_unchanged": (
        "Đủ {count} tệp ({size} byte), từng byte đúng như danh mục.",
        "All {count} files ({size} bytes) are there, byte for byte as listed.",
    ),
    "file_missing": ("Thiếu tệp có trong danh mục.", "A file of the list is missing."),
    "file_changed": (
        "Tệp đã bị thay đổi: không đúng mã băm trong danh mục.",
        "A file was changed: it is not the one that is listed.",
    ),
    "file_added": ("Có tệp không nằm trong danh mục.", "A file was added that is not listed."),
    "left_out": ("Không đưa vào gói: {count} {what} – {because}", "Left out: {count} {what} – {because}"),
    "part_unreadable": ("Không đọc được một phần của gói: {reason}", "A part could not be read: {reason}"),
    # Origin
    "made": (
        "Gói do hệ thống {address} lập lúc {at}, theo yêu cầu của {person}.",
        "Made by {address} at {at}, ordered by {person}.",
    ),
    "manifest_not_logged": (
        "Chưa có bằng chứng rằng danh mục tệp được ghi vào nhật ký.",
        "There is no proof that the list of files was written into the log.",
    ),
    "manifest_logged": (
        "Danh mục tệp đã được ghi vào nhật ký lúc {at} (dòng thứ {index} trong {size} dòng): từ đó không tệp nào bị đổi.",
        "The list of files was written into the log at {at} (entry {index} of {size}): no file changed since.",
    ),
    "manifest_logged_claimed": (
        "Theo mốc kiểm chứng do gói tự khai, danh mục tệp được ghi vào nhật ký lúc {at} (dòng thứ {index} trong {size} dòng).",
        "By the bundle's own checkpoint, the list of files was written into the log at {at} (entry {index} of {size}).",
    ),
    "manifest_changed": (
        "Danh mục tệp không phải là danh mục đã ghi trong nhật ký.",
        "The list of files is not the one that the log names.",
    ),
    "sealed": (
        "Danh mục tệp có dấu số hợp lệ của {signer} ({organisation}); thời điểm: {time}.",
        "The list of files bears a valid seal of {signer} ({organisation}); time: {time}.",
    ),
    "not_sealed": (
        "Danh mục tệp không có dấu số của cơ quan.",
        "The list of files bears no seal of the organisation.",
    ),
    "seal_invalid": (
        "Dấu số trên danh mục tệp không hợp lệ: {reason}",
        "The seal on the list of files is invalid: {reason}",
    ),
    "seal_undecided": (
        "Chưa kết luận được về dấu số của {signer} trên danh mục tệp: {reason}",
        "The seal of {signer} on the list of files cannot be decided: {reason}",
    ),
    # Dossier
    "dossier_as_sealed": (
        "Hồ sơ đúng như khi trình thành viên: {issues} lần phát hành nối tiếp nhau, {papers} tài liệu.",
        "The dossier is as it was put before the members: {issues} issues in a chain, {papers} papers.",
    ),
    "issue_out_of_order": (
        "Lần phát hành hồ sơ {number} không nối tiếp lần trước.",
        "Issue {number} of the dossier does not follow the one before.",
    ),
    "paper_not_as_sealed": (
        "Tài liệu không đúng với lần phát hành hồ sơ {number}.",
        "A paper is not as issue {number} of the dossier has it.",
    ),
    "papers_absent": (
        "Thiếu {count} tài liệu mà bản kê niêm phong của hồ sơ có nêu.",
        "{count} papers that the sealed list of the dossier names are absent.",
    ),
    "issue_excerpts": (
        "{count} bản kê hồ sơ chỉ là trích lục: mã băm của bản đầy đủ do gói tự khai.",
        "{count} lists of the dossier are excerpts: the hash of the whole is the bundle's own word.",
    ),
    # Signatures
    "paper_valid": (
        "Chữ ký số trên “{title}” hợp lệ ({count}).",
        "The signatures on “{title}” are valid ({count}).",
    ),
    "paper_invalid": ("Chữ ký số trên “{title}” KHÔNG hợp lệ.", "A signature on “{title}” is INVALID."),
    "paper_destroyed": (
        "Chữ ký số trên “{title}” đã bị phá hủy: tệp bị ghi lại sau khi ký.",
        "The signature on “{title}” was destroyed: the file was rewritten after signing.",
    ),
    "paper_undecided": (
        "Chưa kết luận được về chữ ký số trên “{title}”.",
        "The signatures on “{title}” cannot be decided.",
    ),
    "paper_unverifiable": (
        "Không kiểm tra được chữ ký số trên “{title}”.",
        "The signatures on “{title}” could not be checked.",
    ),
    "paper_unsigned": (
        "“{title}” không có chữ ký số: người ký chưa được chứng minh bằng mật mã.",
        "“{title}” bears no digital signature: who signed it is not proven by cryptography.",
    ),
    "papers_unsigned": (
        "{count} tài liệu PDF khác không có chữ ký số.",
        "{count} other PDF papers bear no digital signature.",
    ),
    "signature": (
        "“{title}”: {who} – {result}; thời điểm: {time}. {reason}",
        "“{title}”: {who} – {result}; time: {time}. {reason}",
    ),
    "copy_of_another": (
        "Bản lưu trữ lâu dài không phải là bản tiếp nối của tài liệu gốc.",
        "The preserved copy does not continue the original paper.",
    ),
    "observed_otherwise": (
        "“{title}”: hệ thống từng ghi nhận “{before}”, nay kiểm tra lại là “{now}”.",
        "“{title}”: the house had observed “{before}”, now it is “{now}”.",
    ),
    "no_anchors": (
        "Chưa cho biết tin cậy cơ quan chứng thực nào (--anchor), nên không chữ ký nào được kết luận hợp lệ.",
        "No trusted authority was given (--anchor), so no signature can be found valid.",
    ),
    "anchor_claimed": (
        "Gói TỰ KHAI tin cậy chứng thư “{name}” (SHA-256 {fingerprint}); kết luận này không dựa vào đó.",
        "The bundle CLAIMS trust in “{name}” (SHA-256 {fingerprint}); this result does not rest on it.",
    ),
    # Answers and count
    "answers_unsigned": (
        "{count} phiếu không có chữ ký số của thành viên: chỉ nhật ký của hệ thống chứng minh là của họ.",
        "{count} answers are not signed by their members: only the log of the house says that they are theirs.",
    ),
    "answers_signed": (
        "{count} phiếu có chữ ký số hợp lệ của thành viên, đúng với nội dung được kiểm đếm.",
        "{count} answers bear a valid signature of their member over what was counted.",
    ),
    "answer_forged": (
        "Chữ ký trên phiếu của {member} không hợp lệ: {reason}",
        "The signature on the answer of {member} is invalid: {reason}",
    ),
    "answer_undecided": (
        "Chưa kết luận được về chữ ký trên phiếu của {member}: {reason}",
        "The signature on the answer of {member} cannot be decided: {reason}",
    ),
    "answer_of_another": (
        "Phiếu của {member} lại do {signer} ký.",
        "The answer of {member} was signed by {signer}.",
    ),
    "answer_signature_broken": (
        "Chữ ký số trên phiếu của {member} không hợp lệ; phiếu được kiểm đếm như phiếu không ký số.",
        "The signature on the answer of {member} does not hold; it was counted as one that is not signed.",
    ),
    "answer_paper_differs": (
        "Phiếu (PDF) của {member} không phải phiếu đã ký.",
        "The slip of {member}, as a paper, is not the one that was signed.",
    ),
    "answer_on_other_dossier": (
        "Phiếu của {member} được ký trên một hồ sơ khác.",
        "The answer of {member} was signed on another dossier.",
    ),
    "answer_not_as_signed": (
        "Phiếu của {member} không đúng với nội dung đã ký.",
        "The answer of {member} is not what was signed.",
    ),
    "no_collection": (
        "Nghị quyết này không qua lấy ý kiến bằng phiếu: không có gì để kiểm đếm lại.",
        "This resolution was not decided by written opinions: there is nothing to count.",
    ),
    "no_rules": ("Thiếu quy tắc biểu quyết.", "The rules of counting are missing."),
    "no_questions": ("Kết quả không có câu hỏi nào.", "The outcome has no question."),
    "two_chairs": ("Có nhiều hơn một phiếu của người chủ trì.", "More than one answer is the chair's."),
    "count_agrees": (
        "Câu hỏi {question}: kiểm đếm lại khớp – {in_favour}/{members} tán thành (cần {needed}), {disagree} không "
        "tán thành, {other} ý kiến khác, {silent} không trả lời; được thông qua: {is_adopted}.",
        "Question {question}: the recount agrees – {in_favour} of {members} in favour ({needed} needed), {disagree} "
        "against, {other} of other opinion, {silent} silent; adopted: {is_adopted}.",
    ),
    "options_agree": (
        "Câu hỏi {question}: kiểm đếm lại khớp – trong {offered} phương án, phương án đạt đa số: {adopted} (cần "
        "{needed}/{members}); {silent} không trả lời.",
        "Question {question}: the recount agrees – of {offered} options these have the majority: {adopted} "
        "({needed} of {members} needed); {silent} silent.",
    ),
    "members_released": (
        "{count} thành viên đã thôi giữ chức vụ và chưa cho ý kiến: không tính vào tổng số.",
        "{count} members left office without an answer: they are not counted among all members.",
    ),
    "no_box": ("Thiếu hòm phiếu kín.", "The box of the secret ballot is missing."),
    "box_wrong": (
        "Hòm phiếu kín không đúng: {reason}",
        "The box of the secret ballot does not hold: {reason}",
    ),
    "box_of_others": (
        "Hòm phiếu kín có {ballots} phiếu, không đúng với {answered} thành viên đã bỏ phiếu.",
        "The box has {ballots} ballots, not those of the {answered} members who have voted.",
    ),
    "box_closed": (
        "Hòm phiếu kín chưa đủ phần khóa của ban kiểm phiếu để kiểm đếm.",
        "The box lacks decryption shares of its counters: it cannot be counted.",
    ),
    "box_counted": (
        "Hòm phiếu kín: {ballots} phiếu hợp lệ, kiểm đếm lại được mà không mở phiếu nào (vân tay {fingerprint}).",
        "Secret ballot: {ballots} valid ballots, counted anew without opening any (fingerprint {fingerprint}).",
    ),
    "count_differs": (
        "Câu hỏi {question}: kiểm đếm lại KHÔNG khớp – {name}: đếm được {ours}, gói ghi {theirs}.",
        "Question {question}: the recount DIFFERS – {name}: counted {ours}, the bundle says {theirs}.",
    ),
    "outcome_agrees": (
        "Kết quả chung khớp với kiểm đếm lại: {branch} (theo {rules}).",
        "The outcome agrees with the recount: {branch} (under {rules}).",
    ),
    "outcome_differs": (
        "Kết quả chung KHÔNG khớp: kiểm đếm được “{ours}”, gói ghi “{theirs}”.",
        "The outcome DIFFERS: counted “{ours}”, the bundle says “{theirs}”.",
    ),
    # Trail
    "no_trail": ("Gói không có trích lục nhật ký.", "The bundle has no extract of the trail."),
    "no_log_key": (
        "Chưa cho biết khóa công khai của nhật ký “{origin}” (--log-key): mốc kiểm chứng ({size} dòng) do gói tự khai.",
        "The public key of the log “{origin}” was not given (--log-key): the checkpoint ({size} entries) is the "
        "bundle's own word.",
    ),
    "checkpoint_signed": (
        "Mốc kiểm chứng của nhật ký “{origin}” ({size} dòng) được ký bằng khóa {key} mà quý vị tin cậy.",
        "The checkpoint of the log “{origin}” ({size} entries) is signed with the key {key} that you trust.",
    ),
    "checkpoint_forged": (
        "Mốc kiểm chứng của nhật ký “{origin}” không được ký bằng khóa mà quý vị tin cậy.",
        "The checkpoint of the log “{origin}” is not signed with the key that you trust.",
    ),
    "checkpoint_unreadable": ("Không đọc được mốc kiểm chứng.", "The checkpoint cannot be read."),
    "checkpoint_timestamped": (
        "Mốc kiểm chứng ({size} dòng) có dấu thời gian của {authority} lúc {time}.",
        "The checkpoint ({size} entries) was timestamped by {authority} at {time}.",
    ),
    "timestamp_undecided": (
        "Chưa kết luận được về dấu thời gian lúc {time} của “{authority}” trên mốc kiểm chứng: {reason}",
        "The timestamp at {time} of “{authority}” on the checkpoint cannot be decided: {reason}",
    ),
    "not_timestamped": (
        "Mốc kiểm chứng ({size} dòng) không có dấu thời gian của bên thứ ba: thời điểm do hệ thống tự ghi.",
        "The checkpoint ({size} entries) bears no timestamp of a third party: its time is the house's own word.",
    ),
    "timestamp_forged": (
        "Dấu thời gian không thuộc mốc kiểm chứng này hoặc bị giả mạo.",
        "The timestamp does not belong to this checkpoint, or is forged.",
    ),
    "trail_proven": (
        "{count} dòng về vụ việc đều nằm trong nhật ký {size} dòng ({withheld} dòng chỉ có mã băm).",
        "All {count} entries of the case are in the log of {size} entries ({withheld} as hashes only).",
    ),
    "trail_claimed": (
        "Theo mốc kiểm chứng do gói tự khai, {count} dòng về vụ việc nằm trong nhật ký {size} dòng ({withheld} dòng chỉ có mã băm).",
        "By the bundle's own checkpoint, {count} entries of the case are in the log of {size} ({withheld} as hashes only).",
    ),
    "trail_agrees": (
        "Nội dung gói khớp với {count} dòng nhật ký được nêu rõ.",
        "The bundle tells the same as the {count} entries that are told in words.",
    ),
    "entries_pending": (
        "{count} dòng chưa vào nhật ký khi lập gói.",
        "{count} entries were not in the log yet when the bundle was made.",
    ),
    "entry_altered": (
        "Dòng nhật ký thứ {index} đã bị sửa: nội dung không đúng mã băm.",
        "Entry {index} of the log was altered: its words do not make its hash.",
    ),
    "entry_twice": ("Một dòng nhật ký được nêu hai lần.", "An entry of the log is given twice."),
    "proof_wrong": (
        "Dòng thứ {index} không được chứng minh là nằm trong nhật ký.",
        "Entry {index} is not proven to be in the log.",
    ),
    "trail_differs": (
        "Nội dung gói khác với nhật ký: {what} (mã dòng {index}).",
        "The bundle differs from the log: {what} (entry with the number {index}).",
    ),
    "answer_differs": (
        "Phiếu của {member} khác với phiếu ghi trong nhật ký.",
        "The answer of {member} differs from the one in the log.",
    ),
}

WHAT: dict[str, Words] = {
    "paper": ("tài liệu", "paper(s)"),
    "trail_entry": (
        "dòng nhật ký (vẫn có mã băm và chứng minh)",
        "entry(ies) of the trail (hash and proof are there)",
    ),
    "issue": ("bản kê niêm phong của hồ sơ", "the sealed list of the dossier"),
    "text": ("văn bản nghị quyết đã phát hành", "the text of the resolution as released"),
    "number": ("số, ký hiệu của nghị quyết", "the number of the resolution"),
    "outcome": ("kết quả lấy ý kiến", "the outcome of the collection"),
    "box": ("hòm phiếu", "the ballot box"),
}

BECAUSE: dict[str, Words] = {
    "need_to_know": (
        "cơ quan yêu cầu lập gói không được giao đọc.",
        "the office that ordered the bundle may not read them.",
    ),
    "erased": ("đã bị từ chối và xóa khỏi kho lưu.", "they were refused and erased."),
    "read_by_auditors": ("nội dung chỉ dành cho kiểm tra viên.", "only auditors read their words."),
}

BRANCHES: dict[str, Words] = {
    "a": ("không đạt đa số", "no majority"),
    "b": ("đa số tán thành, không có ý kiến khác", "majority, no other opinion"),
    "c": ("đa số tán thành, có ý kiến khác", "majority, with other opinions"),
}

VERDICTS: dict[str, Words] = {
    "valid": ("hợp lệ", "valid"),
    "undecided": ("chưa kết luận được", "cannot be decided yet"),
    "invalid": ("không hợp lệ", "invalid"),
    "destroyed": ("chữ ký bị phá hủy", "signature destroyed"),
    "unsigned": ("không có chữ ký số", "not signed"),
    "unverifiable": ("không kiểm tra được", "could not be checked"),
}

INDICATIONS: dict[str, Words] = {
    "TOTAL-PASSED": ("hợp lệ", "valid"),
    "INDETERMINATE": ("chưa kết luận được", "cannot be decided"),
    "TOTAL-FAILED": ("không hợp lệ", "invalid"),
}

REASONS: dict[str, Words] = {
    "ok": (
        "Nội dung nguyên vẹn như khi ký; chứng thư còn hiệu lực tại thời điểm ký.",
        "The content is as it was signed, by a certificate that was good then.",
    ),
    "altered": ("Nội dung đã bị thay đổi sau khi ký.", "The content has been changed after signing."),
    "bytes_after_end": (
        "Tệp bị nối thêm phần không ai ký.",
        "Something that nobody signed was appended to the file.",
    ),
    "certificate_not_for_signing": (
        "Chứng thư không được cấp để ký tài liệu.",
        "The certificate was not issued for signing documents.",
    ),
    "chain_invalid": (
        "Chuỗi chứng thư bị đứt hoặc bị giả mạo.",
        "The chain of certificates is broken or forged.",
    ),
    "chain_unknown": (
        "Không biết chứng thư do ai được tin cậy cấp.",
        "No authority that is trusted has issued the certificate.",
    ),
    "changed_after_signing": (
        "Sau khi ký, tài liệu bị thay đổi theo cách có thể làm sai lệch nội dung.",
        "The paper was changed after signing in a way that can alter what it says.",
    ),
    "constraints": (
        "Chữ ký không đáp ứng quy tắc mà nó được tạo theo.",
        "The signature does not meet the rules it was made under.",
    ),
    "expired": (
        "Chứng thư đã hết hạn và không có gì chứng minh chữ ký được tạo trước đó.",
        "The certificate has expired, and nothing proves that the signature was made before.",
    ),
    "forged": (
        "Chữ ký không được tạo bằng khóa của chứng thư này.",
        "The signature was not made with the key of this certificate.",
    ),
    "format_not_supported": (
        "Chữ ký có định dạng không nhận biết được.",
        "The format of the signature is not known.",
    ),
    "lenient_reading": (
        "Tệp không đúng chuẩn PDF; chỉ đọc được ở chế độ không nghiêm ngặt nên không chứng minh được gì.",
        "The file departs from the PDF standard; read leniently, it proves nothing.",
    ),
    "malformed": ("Chữ ký sai cấu trúc.", "The signature is malformed."),
    "no_certificate": ("Thiếu chứng thư của người ký.", "The certificate of the signer is missing."),
    "not_verifiable": ("Không đọc được chữ ký.", "The signature could not be read."),
    "not_yet_valid": (
        "Chứng thư chưa có hiệu lực tại thời điểm ký.",
        "The certificate was not valid yet when it signed.",
    ),
    "padding": (
        "Có dữ liệu không ai ký được giấu trong vùng chứa chữ ký.",
        "Data that nobody signed is hidden in the place of the signature.",
    ),
    "partial_coverage": (
        "Chữ ký không bao phủ toàn bộ tài liệu được ký.",
        "The signature does not cover the whole of the paper it was put on.",
    ),
    "signed_data_missing": (
        "Không có tài liệu được ký ở đây.",
        "The paper that was signed is not here.",
    ),
    "revocation_unknown": (
        "Chưa biết chứng thư có bị thu hồi hay không: thiếu danh sách thu hồi.",
        "Whether the certificate was revoked is not known: the revocation list is missing.",
    ),
    "revoked": ("Chứng thư đã bị thu hồi.", "The certificate was revoked."),
    "revoked_issuer": (
        "Chứng thư của tổ chức cấp đã bị thu hồi.",
        "The certificate of the issuing authority was revoked.",
    ),
    "time_unproven": ("Không có gì chứng minh thời điểm ký.", "Nothing proves when the signature was made."),
    "timestamp_invalid": (
        "Dấu thời gian không thuộc chữ ký này hoặc bị giả mạo.",
        "The time stamp does not belong to this signature or is forged.",
    ),
    "undecided": ("Chứng cứ chưa đủ để kết luận.", "The evidence is not enough to decide."),
    "weak_algorithm": (
        "Chữ ký dùng thuật toán không còn được coi là an toàn.",
        "The signature uses a method that is no longer considered safe.",
    ),
    "weak_digest": (
        "Chữ ký dùng hàm băm (như SHA-1) không còn được coi là an toàn.",
        "The signature uses a checksum (such as SHA-1) that is no longer considered safe.",
    ),
}

UNREADABLE: dict[str, Words] = {
    "no_file": ("Không mở được tệp.", "The file cannot be opened."),
    "not_a_bundle": ("Đây không phải là gói chứng cứ.", "This is no evidence bundle."),
    "not_as_written": (
        "Gói đã bị ghi lại hoặc bị sửa: cấu trúc không đúng như khi lập.",
        "The bundle was packed anew or changed: it is not built as it was made.",
    ),
    "cut_off": ("Gói bị cắt cụt.", "The bundle is cut off."),
    "damaged": ("Một tệp trong gói bị hỏng.", "A file of the bundle is damaged."),
    "name_twice": ("Một tên tệp xuất hiện hai lần.", "A file name stands in it twice."),
    "unfit_name": ("Gói có tên tệp không được phép.", "The bundle has a file name that is not allowed."),
    "too_many_files": ("Gói có quá nhiều tệp.", "The bundle has too many files."),
    "too_large": ("Một tệp quá lớn để đọc.", "A file is too large to be read."),
    "no_manifest": ("Thiếu danh mục tệp (manifest.json).", "The list of files (manifest.json) is missing."),
    "bad_manifest": ("Danh mục tệp không đúng quy cách.", "The list of files is not well made."),
    "bad_json": ("Nội dung không đúng quy cách.", "It is not well made."),
    "other_format": (
        "Gói theo một phiên bản mà chương trình này không biết.",
        "The bundle has a version that this program does not know.",
    ),
    "kind_twice": (
        "Một loại tệp chỉ được có một lại có hai.",
        "There are two files of which there is to be one.",
    ),
    "file_missing": ("Thiếu một tệp.", "A file is missing."),
    "bad_answer": (
        "Một phiếu không trả lời mỗi câu hỏi đúng một lần.",
        "A slip does not answer each question once.",
    ),
}
