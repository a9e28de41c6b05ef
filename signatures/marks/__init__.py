"""What a signature shows on the page, and where (Nghị định 30/2020/NĐ-CP, phụ lục I, phần I mục II)."""
